//! Long outputs, through the binary: all of them in the record, little of them in memory
//! and in reports.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use labbook::record::{Event, Output, Stream};
use sha2::{Digest as _, Sha256};

use crate::support::{Test, timeless};

/// What labbook and its agent may take of memory while a command prints more than this, and
/// the built binary, which is in memory too where it is a debug build.
const MEMORY: u64 = 64 * 1024 * 1024;

/// What a run came to.
struct Measured {
    code: i32,
    /// The peak memory of labbook and of its own processes, in bytes.
    peaks: Vec<u64>,
    record: fs::File,
    report: Vec<u8>,
}

/// Runs a page and watches the memory of labbook's processes.
fn measured(page: &str) -> Measured {
    let test = Test::new().file("lab.md", page).args("run lab.md --cluster none");
    let mut child = test
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("labbook can be started");
    let mut peaks = std::collections::BTreeMap::new();
    let status = loop {
        let ended = child.try_wait().expect("it is a child");
        for pid in family(child.id()) {
            if let Some(peak) = peak(pid) {
                peaks.insert(pid, peak);
            }
        }
        match ended {
            Some(status) => break status,
            None => std::thread::yield_now(),
        }
    };
    let out = test.root().join("labbook-out/latest");
    Measured {
        code: status.code().expect("no signal ended it"),
        peaks: peaks.into_values().collect(),
        record: fs::File::open(out.join("lab.record.jsonl")).expect("there is a record"),
        report: fs::read(out.join("lab.md")).expect("there is a report"),
    }
}

/// A process and those that it started.
fn family(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let pids = children.split_whitespace().filter_map(|word| word.parse().ok());
    std::iter::once(pid).chain(pids.flat_map(family)).collect()
}

/// The most memory that a process of labbook's had, less what of it is the program itself.
fn peak(pid: u32) -> Option<u64> {
    let exe = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    let own = exe.file_name() == Path::new(env!("CARGO_BIN_EXE_labbook")).file_name();
    own.then(|| Some(field("VmHWM:")?.saturating_sub(field("RssFile:")?)))?
}

/// The streams of a record's pieces, how many bytes they hold, and their digest.
fn digest(record: fs::File) -> (Vec<Stream>, u64, String) {
    let (mut streams, mut length, mut digest) = (Vec::new(), 0, Sha256::new());
    for line in BufReader::new(record).lines() {
        let line = line.expect("text");
        if let Ok(Event::Output(chunk)) = serde_json::from_str(&line) {
            let Output(bytes) = chunk.output;
            digest.update(&bytes);
            length += bytes.len() as u64;
            streams.push(chunk.stream);
        }
    }
    streams.dedup();
    (streams, length, format!("{:x?}", digest.finalize()))
}

#[test]
fn a_line_of_50_megabytes_is_in_the_record_and_not_in_memory() {
    let page =
        "```console\n$ head -c 50000000 /dev/zero | tr '\\0' x; printf '\\377end'\nxx\n```\n";
    let run = measured(page);
    assert_eq!(run.code, 10);
    assert!(run.peaks.len() >= 2, "labbook and its agent are seen");
    assert!(run.peaks.iter().all(|peak| *peak < MEMORY), "{:?}", run.peaks);
    let (streams, length, digest) = digest(run.record);
    let mut expected = Sha256::new();
    for _ in 0..50 {
        expected.update(vec![b'x'; 1_000_000]);
    }
    expected.update(b"\xffend");
    assert_eq!((streams, length), (vec![Stream::Both], 50_000_004));
    assert_eq!(digest, format!("{:x?}", expected.finalize()));
    let report = String::from_utf8(run.report).expect("text");
    assert!(report.len() < 100_000, "{}", report.len());
    assert!(report.ends_with("x\n[labbook: 49934468 more bytes are in the record]\n```\n"));
}

#[test]
fn what_a_page_prints_in_all_is_not_in_memory() {
    let page = "<!-- labbook:setup yes setup | head -c 20000000 -->\n\n\
                ```console\n$ head -c 90000000 /dev/zero\n$ yes | head -c 900000\n```\n";
    let run = measured(page);
    assert_eq!(run.code, 4);
    assert!(run.peaks.iter().all(|peak| *peak < MEMORY), "{:?}", run.peaks);
    assert_eq!(digest(run.record).1, 90_900_000);
}

#[test]
fn that_an_output_is_cut_is_said() {
    let page = "```console\n$ seq 1000000\n1\n2\n```\n";
    let ran =
        Test::new().file("lab.md", page).args("run lab.md --cluster none --update --accept").run();
    insta::assert_snapshot!(timeless(&ran.stdout), @r"
    lab.md  without a cluster
      different TIME     2  seq 1000000

    error: step 1 is different: seq 1000000
     --> lab.md:2:1
      |
    2 | $ seq 1000000
      | ^^^^^^^^^^^^^
      |
      = note: the command printed 6888896 bytes, more than labbook compares (1048576): they are in the record, and were not compared
      it printed:
        1
        2
        3
        4
        5
        6
        7
        8
        9
        10
        11
        12
        13
        14
        15
        16
        17
        18
        19
        20
        21
        22
        23
        24
        … the rest is in the record

    a different result: 1 step in TIME: 1 different
    report: labbook-out/ TIME/lab.md
    ");
    insta::assert_snapshot!(ran.stderr, @"error: lab.md:2: step 1 printed more than a page shows, so the page stays as it is; let the command print less (| head), or take the report");
    assert_eq!(ran.text("lab.md"), page, "the page stays as it is");
    let report = ran.text("labbook-out/latest/lab.md");
    assert!(report.ends_with("\n12773\n[labbook: 6823364 more bytes are in the record]\n```\n"));
}
