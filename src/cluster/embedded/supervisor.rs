//! The first process of a cluster: starts its components in the order that is
//! quickest, tells what is there, and what died.
//!
//! It ends when its input does, and with it every process of the cluster.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::process::{Command, ExitCode};
use std::time::Instant;

use futures::future::try_join_all;
use tokio::sync::{mpsc, oneshot};

use super::components::{self, Component};
use super::layout::data;
use super::processes::{Processes, tail};
use super::protocol::{Order, Progress, Start};
use super::{certificates, readiness, settings};

/// The hidden entry `labbook __cluster`.
pub fn supervise() -> ExitCode {
    let (orders, mut inbox) = mpsc::unbounded_channel();
    let reader = std::thread::Builder::new().name("orders".to_owned()).spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(order) = line.map_err(drop).and_then(|line| parse(&line)) else { break };
            if orders.send(order).is_err() {
                break;
            }
        }
        // The owner is gone: without its first process the namespace ends.
        #[expect(clippy::exit, reason = "ending this process is how a cluster ends")]
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match (reader, runtime) {
        (Ok(_), Ok(runtime)) => runtime.block_on(serve(&mut inbox)),
        (Err(error), _) | (_, Err(error)) => {
            say(&Progress::Failed { why: error.to_string() });
            ExitCode::FAILURE
        }
    }
}

fn parse(line: &str) -> Result<Order, ()> {
    serde_json::from_str(line).map_err(drop)
}

/// A message to the owner; where it is gone, this process is about to end.
pub(super) fn say(progress: &Progress) {
    if let Ok(text) = serde_json::to_string(progress) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

/// As [`say`], less what a keeper says itself.
pub(super) fn say_phases(progress: &Progress) {
    if matches!(progress, Progress::Phase { .. }) {
        say(progress);
    }
}

async fn serve(inbox: &mut mpsc::UnboundedReceiver<Order>) -> ExitCode {
    let Some(Order::Start(start)) = inbox.recv().await else { return ExitCode::FAILURE };
    say(&Progress::Namespaces);
    let mut cluster = match Cluster::new() {
        Ok(cluster) => cluster,
        Err(error) => {
            say(&Progress::Failed { why: error.to_string() });
            return ExitCode::FAILURE;
        }
    };
    let mut deaths = cluster.deaths.take().expect("taken only here");
    let started = async {
        match cluster.start(&start, inbox).await {
            Ok(()) => say(&Progress::Ready),
            Err(error) => say(&Progress::Failed { why: error.to_string() }),
        }
        std::future::pending::<()>().await;
    };
    let watched = async {
        while let Some((component, how)) = deaths.recv().await {
            let log = tail(&data("logs").join(format!("{component}.log")), 12);
            say(&Progress::Died { component: component.to_owned(), how, log });
        }
    };
    tokio::join!(started, watched);
    ExitCode::SUCCESS
}

struct Cluster {
    begun: Instant,
    processes: Processes,
    died: mpsc::UnboundedSender<(&'static str, String)>,
    deaths: Option<mpsc::UnboundedReceiver<(&'static str, String)>>,
}

impl Cluster {
    fn new() -> io::Result<Self> {
        let (died, deaths) = mpsc::unbounded_channel();
        Ok(Self {
            begun: Instant::now(),
            processes: Processes::new(data("logs"))?,
            died,
            deaths: Some(deaths),
        })
    }

    /// Starts everything and returns once it is ready.
    async fn start(
        &self,
        start: &Start,
        inbox: &mut mpsc::UnboundedReceiver<Order>,
    ) -> io::Result<()> {
        self.keep(&components::etcd())?;
        self.keep(&components::containerd()?)?;
        components::write_cni()?;
        fs::write(data("resolv.conf"), format!("nameserver {}\n", start.name_server))?;
        certificates::write(&data("pki"), start.address, &start.context)?;
        self.phase("certificates");
        self.keep(&components::apiserver(start.address))?;
        self.network(start, inbox).await?;
        self.phase("network");

        let client = readiness::client(&data("pki/admin.conf")).await?;
        readiness::namespaces(&client).await;
        self.phase("API server");
        settings::show_demanded()?;
        // It asks once a second whether it may look for pods, so it starts early.
        self.keep(&components::kubelet(start.address)?)?;
        readiness::create_base(&client).await?;
        self.phase("base objects");
        readiness::api_server(&client).await;
        self.phase("roles");
        // These need their roles, and wait for seconds where they are not there.
        self.keep(&components::controller_manager())?;
        self.keep(&components::scheduler())?;
        self.keep(&components::proxy()?)?;
        let waits: [(&str, readiness::Wait<'_>); 3] = [
            ("node", Box::pin(readiness::node(&client))),
            ("service account", Box::pin(readiness::service_account(&client))),
            ("DNS", Box::pin(readiness::dns())),
        ];
        try_join_all(waits.map(|(name, wait)| async move {
            wait.await?;
            self.phase(name);
            io::Result::Ok(())
        }))
        .await?;
        Ok(())
    }

    /// Starts a component and tells when it dies.
    fn keep(&self, component: &Component) -> io::Result<()> {
        let ended: oneshot::Receiver<String> = self.processes.start(component)?;
        let (died, name) = (self.died.clone(), component.name);
        tokio::spawn(async move {
            if let Ok(how) = ended.await {
                let _ = died.send((name, how));
            }
        });
        Ok(())
    }

    /// Gives the node its address on the link to the host.
    async fn network(
        &self,
        start: &Start,
        inbox: &mut mpsc::UnboundedReceiver<Order>,
    ) -> io::Result<()> {
        fs::write("/proc/sys/net/ipv4/ip_forward", "1")?;
        self.ip("link set lo up").await?;
        while !matches!(inbox.recv().await, Some(Order::LinkMade)) {}
        self.ip(&format!("address add {}/30 dev eth0", start.address)).await?;
        self.ip("link set eth0 up").await?;
        if !start.has_egress {
            self.ip(&format!("route add default via {}", start.host_address)).await?;
        }
        Ok(())
    }

    async fn ip(&self, arguments: &str) -> io::Result<()> {
        self.processes.run("network", Command::new("ip").args(arguments.split(' '))).await
    }

    fn phase(&self, name: &str) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        say(&Progress::Phase { name: name.to_owned(), ms });
    }
}
