//! The first lab with a claim that is replaced while it runs: what the page
//! shows is a property of the claim, which another one does not have.

use std::path::Path;
use std::time::Duration;

use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};
use kube::api::{DeleteParams, Preconditions};
use kube::runtime::wait::await_condition;
use kube::{Api, Client, ResourceExt as _};
use labbook::cluster::assets::{self, Assets, Cache};
use labbook::cluster::embedded::{DEFAULT_BLOCK, Embedded, Request};
use labbook::cluster::{Access, Observer};
use labbook::document::Document;
use labbook::plan::{Plan, Sources};
use labbook::record::{Event, StepEnded, Verdict};
use labbook::run::{Lab, Place, run, stopper};
use labbook::{lab, sandbox, workbook};

use super::turns;
use super::workbook::{SEED, Workbook};

const CLAIM: &str = "app-python-data-app-python-0";
const POD: &str = "app-python-0";
/// As the page has it.
const VOLUME: &str = "pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1";

/// How long Kubernetes may take to make a claim anew.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_replaced_after_the_fourth_step_is_found_in_the_fifth() {
    let _turn = tokio::task::block_in_place(turns::one);
    let directory = Workbook::of_labs();
    let plan = plan(&directory);
    let assets = assets(&plan.root);
    let cluster = Embedded::start(&request(&assets), &mut |_| {}).await.expect("it starts");
    let access = Access::embedded(&cluster).await.expect("it answers");

    let mut steps = Vec::new();
    let mut volumes = None;
    run_on(&access, &plan, &assets, &mut |event| {
        let Event::StepEnded(ended) = event else { return };
        if ended.step == 3 {
            // The run goes on when this returns.
            let replaced = replace(access.client.clone());
            let replaced = async { tokio::time::timeout(PATIENCE, replaced).await };
            let handle = tokio::runtime::Handle::current();
            volumes = tokio::task::block_in_place(|| handle.block_on(replaced)).ok();
        }
        steps.push(ended.clone());
    })
    .await;
    cluster.stop().expect("it can be removed");

    let (before, after) = volumes.expect("the claim is made anew in time");
    assert_ne!(before, after);
    for step in &steps[..4] {
        assert!(matches!(step.verdict, Verdict::Same | Verdict::Drift), "{step:#?}");
    }
    names_the_volumes(&steps[4], &before, &after);
}

#[track_caller]
fn names_the_volumes(step: &StepEnded, before: &str, after: &str) {
    assert_eq!((step.step, step.verdict), (4, Verdict::Different), "{step:#?}");
    let is_it = |cause: &labbook::record::Explanation| {
        cause.breaks
            && cause.kind == "identity"
            && cause.line == Some(57)
            && cause.column.as_deref() == Some("VOLUME")
            && cause.old.as_deref() == Some(VOLUME)
            && cause.new.as_deref() == Some(after)
            && [before, after].iter().all(|volume| cause.text.contains(volume))
    };
    assert!(step.explanation.iter().any(is_it), "no cause names {before} and {after}\n{step:#?}");
}

/// Replaces the claim, and its volume with it; the names of the volume before
/// and after, once the pod is ready on the new one.
async fn replace(client: Client) -> (String, String) {
    let claims: Api<PersistentVolumeClaim> = Api::default_namespaced(client.clone());
    let pods: Api<Pod> = Api::default_namespaced(client);
    let old = claims.get(CLAIM).await.expect("the claim is there");
    let uid = old.uid();
    claims.delete(CLAIM, &DeleteParams::default()).await.expect("it can be deleted");
    // It goes when no pod uses it any more.
    let pod = pods.get(POD).await.expect("the pod is there").uid();
    let preconditions = Preconditions { uid: pod.clone(), resource_version: None };
    let now = DeleteParams::default().grace_period(0).preconditions(preconditions);
    pods.delete(POD, &now).await.expect("it can be deleted");
    let is_bound = |claim: Option<&PersistentVolumeClaim>| {
        claim.is_some_and(|claim| {
            let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
            claim.uid() != uid && phase == Some("Bound")
        })
    };
    let new = await_condition(claims, CLAIM, is_bound).await.expect("it can be watched");
    let is_ready = |other: Option<&Pod>| {
        let status =
            other.filter(|other| other.uid() != pod).and_then(|other| other.status.as_ref());
        let conditions = status.and_then(|status| status.conditions.as_ref());
        conditions.into_iter().flatten().any(|it| it.type_ == "Ready" && it.status == "True")
    };
    await_condition(pods, POD, is_ready).await.expect("it can be watched");
    (volume(Some(old)), volume(new))
}

fn volume(claim: Option<PersistentVolumeClaim>) -> String {
    claim.and_then(|claim| claim.spec?.volume_name).expect("a bound claim has a volume")
}

fn plan(directory: &Workbook) -> Plan {
    let path = directory.path(SEED);
    let workbook = workbook::Workbook::find(&path).expect("it is a workbook");
    let document = Document::new(std::fs::read(&path).expect("it has the page"));
    let (lab, _) = lab::read(&document);
    Plan::new(&workbook, &path, &document, &lab, Sources::Mirrors).expect("it can be planned")
}

fn assets(root: &Path) -> Assets {
    let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).expect("there is a home");
    let cache = Cache::open(cache).expect("it can be written");
    let workbook = workbook::Workbook::find(root).expect("it is a workbook");
    let images: Vec<_> = workbook.config.images.into_iter().collect();
    let request = assets::Request { images: &images, root, ..assets::Request::default() };
    assets::prepare(&cache, &request, &|_| {}).expect("they can be built")
}

fn request(assets: &Assets) -> Request {
    let programs = assets.programs.components.parent().expect("it is in a directory");
    Request {
        name: format!("replaced-{}", sandbox::unique_id()),
        exe: env!("CARGO_BIN_EXE_labbook").into(),
        programs: programs.to_owned(),
        store: assets.store.path.clone(),
        block: DEFAULT_BLOCK.to_owned(),
        kept: false,
    }
}

async fn run_on(access: &Access, plan: &Plan, assets: &Assets, sink: &mut dyn FnMut(&Event)) {
    let observer = Observer::new(access.client.clone());
    let place = Place {
        exe: Path::new(env!("CARGO_BIN_EXE_labbook")),
        workbook: &plan.root,
        in_place: None,
        sandbox: sandbox::Kind::Namespaces,
        programs: assets.programs.kubectl.parent(),
        device_filter: Some(&assets.programs.components),
        access: Some(access),
    };
    let (_stopper, stop) = stopper();
    let lab = Lab {
        agent: place.agent().expect("labbook starts"),
        directory: plan.path.parent().expect("it is in a directory").to_owned(),
        environment: place.environment(),
        observer: Some(&observer),
        cluster: access.fact.clone(),
        stand_ins: assets.stand_ins.clone(),
        stop,
    };
    run(plan, lab, sink).await.expect("the page is run to its end");
}
