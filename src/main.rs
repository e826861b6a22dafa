//! The labbook binary: hands its arguments to the library and its answer to the
//! system.

use std::process::ExitCode;

use labbook::cluster::embedded;
use labbook::sandbox;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[1..] {
        ["__sandbox", spec, payload] => sandbox::boot(spec, payload),
        ["__sandbox-init", spec, root, payload] => sandbox::init(spec, root, || match payload {
            "__cluster" => embedded::supervise(),
            _ => ExitCode::FAILURE,
        }),
        ["__keep", request] => embedded::keep(request),
        ["up", name] => {
            let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let request = embedded::Request {
                name: name.into(),
                exe: std::env::current_exe().unwrap(),
                programs: "/tmp/gobin".into(),
                store: "/tmp/store".into(),
                block: "10.213.0.0/16".into(),
            };
            match rt.block_on(embedded::up(&request, &mut |p| println!("{p:?}"))) {
                Ok(r) => println!("{r:?}"),
                Err(e) => println!("{e}"),
            }
            ExitCode::SUCCESS
        }
        ["down", name] => {
            println!("{:?}", embedded::down(name));
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}
