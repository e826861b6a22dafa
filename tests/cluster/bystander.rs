//! A cluster that the kubeconfig's current context names, and that nobody asked
//! to use.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::PathBuf;

use tempfile::TempDir;

/// A listener in a cluster's place.
pub(crate) struct Bystander {
    listener: TcpListener,
    directory: TempDir,
}

impl Bystander {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let address = listener.local_addr().expect("it listens");
        let kubeconfig = format!(
            "apiVersion: v1
kind: Config
clusters: [{{name: production, cluster: {{server: 'http://{address}'}}}}]
users: [{{name: admin, user: {{token: secret}}}}]
contexts: [{{name: production, context: {{cluster: production, user: admin}}}}]
current-context: production
"
        );
        let bystander = Self { listener, directory };
        fs::write(bystander.kubeconfig(), kubeconfig).expect("the directory can be written");
        bystander
    }

    /// A kubeconfig with one context, which is its current one.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.directory.path().join("config")
    }

    /// The name of that context.
    pub(crate) const fn context() -> &'static str {
        "production"
    }

    /// Connections wait in the listener's queue, so that none is missed.
    #[track_caller]
    pub(crate) fn was_left_alone(&self) {
        self.listener.set_nonblocking(true).expect("a listener can be asked without waiting");
        let connection = self.listener.accept();
        let nobody = connection.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        assert!(nobody, "the current context was used: {connection:?}");
    }

    /// Closes each connection while `act` runs, of which there must be one.
    #[track_caller]
    pub(crate) fn turns_away_while<T>(&self, act: impl FnOnce() -> T) {
        std::thread::scope(|scope| {
            let closing = scope.spawn(|| {
                let closed = self.listener.incoming().take_while(|connection| {
                    // This test's own says that it is over, without a word.
                    connection.as_ref().is_ok_and(|connection| {
                        connection.peek(&mut [0]).is_ok_and(|bytes| bytes > 0)
                    })
                });
                closed.count()
            });
            act();
            let address = self.listener.local_addr().expect("it listens");
            drop(std::net::TcpStream::connect(address).expect("it listens"));
            assert!(closing.join().expect("it only listens") > 0, "nobody came");
        });
    }
}
