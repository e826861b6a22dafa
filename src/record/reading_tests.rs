use jiff::Timestamp;

use super::*;
use crate::record::{ClusterFact, Ended, Facts, Journal, Sandbox};

fn events() -> Vec<Event> {
    let attempt = |attempt, output: &[u8]| {
        Event::AttemptEnded(AttemptEnded {
            step: 0,
            attempt,
            ended: Ended::Exited(0),
            output: Output(output.to_vec()),
            stderr: Output::default(),
            left_out: 0,
            bytes: output.len() as u64,
            dropped: 0,
            terminal: false,
            duration_ms: 5,
            facts: Facts::default(),
        })
    };
    let chunk = |attempt, stream, at_ms, output: &[u8]| {
        let output = Output(output.to_vec());
        Event::Output(OutputChunk { step: 0, attempt, stream, at_ms, output })
    };
    vec![
        Event::Header(Header {
            schema: FORMAT,
            labbook: "0.1.0".to_owned(),
            page: "labs/a/lab.md".to_owned(),
            sha256: "00".to_owned(),
            inputs: "11".to_owned(),
            cluster: ClusterFact { provider: "none".to_owned(), version: None },
            sandbox: Some(Sandbox::None),
            started: Timestamp::UNIX_EPOCH,
        }),
        Event::StepStarted(StepStarted {
            step: 0,
            first_line: 4,
            last_line: 4,
            text: "cat visits".to_owned(),
            executed: None,
        }),
        chunk(1, Stream::Both, 3, b"early\n"),
        attempt(1, b"early\n"),
        chunk(2, Stream::Both, 1, b"\xff\0la"),
        chunk(2, Stream::Both, 700, b"te\r\n"),
        attempt(2, b"\xff\0late\r\n"),
        Event::StepEnded(StepEnded {
            step: 0,
            verdict: Verdict::Same,
            kept: Some(2),
            attempts: 2,
            took_ms: 40,
            explanation: Vec::new(),
        }),
        Event::Closing(Closing {
            verdict: Verdict::Same,
            ended: Timestamp::UNIX_EPOCH,
            reason: None,
            stand_ins: Vec::new(),
        }),
    ]
}

/// The same as they are read: what was printed is with its attempt.
fn joined() -> Vec<Event> {
    events().into_iter().filter(|event| !matches!(event, Event::Output(_))).collect()
}

fn written() -> Vec<u8> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("record.jsonl");
    let mut journal = Journal::create(&path).expect("it can be created");
    for event in events() {
        journal.append(&event).expect("it can be written");
    }
    journal.close().expect("it can be synced");
    std::fs::read(path).expect("it is there")
}

fn parsed(bytes: &[u8]) -> Result<Record, String> {
    parse(Path::new("r"), bytes).map_err(|error| error.to_string())
}

#[test]
fn what_was_written_is_read() {
    let record = parsed(&written()).expect("it is whole");
    assert_eq!(Event::Header(record.header.clone()), events()[0]);
    assert_eq!(record.events, joined()[1..]);
    assert!(!record.torn);

    let step = record.step(0).expect("it began");
    assert_eq!(step.started.text, "cat visits");
    assert_eq!(step.kept.map(|kept| kept.output.0.as_slice()), Some(&b"\xff\0late\r\n"[..]));
    assert_eq!(step.ended.map(|ended| ended.verdict), Some(Verdict::Same));
    assert_eq!(record.steps().count(), 1);
    assert!(record.closing().is_some());
    assert!(record.script(Script::Setup).is_none());
}

#[test]
fn a_record_cut_anywhere_reads_up_to_there() {
    let bytes = written();
    let header = bytes.iter().position(|&byte| byte == b'\n').expect("there are lines");
    for end in header..bytes.len() {
        let record = parsed(&bytes[..end]).expect("only its last line is cut");
        // A line is whole with or without its end.
        let whole = bytes[..end]
            .split(|&byte| byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<Event>(line).ok())
            .filter(|event| !matches!(event, Event::Output(_)));
        let joined = joined();
        assert_eq!(record.events, joined[1..whole.count()], "cut at {end}");
    }
    for end in 0..header {
        assert!(parsed(&bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn damage_and_strange_files_are_said() {
    let text = String::from_utf8(written()).expect("a record is text");
    let damaged = text.replacen("\"step_started\"", "\"step_sta\"", 1);
    let error = parsed(damaged.as_bytes()).expect_err("line 2 is damaged");
    assert!(error.starts_with("read the record r: line 2 is no event: unknown variant"), "{error}");

    let newer = text.replacen("\"schema\":1", "\"schema\":2", 1);
    assert_eq!(
        parsed(newer.as_bytes()),
        Err("read the record r: it has format 2, this labbook reads 1; run the lab again"
            .to_owned())
    );
    assert!(parsed(b"").is_err() && parsed(b"# A page\n").is_err());
    assert!(read(Path::new("/nonexistent/record")).is_err());
}

#[test]
fn an_output_that_lacks_a_piece_is_damage() {
    let text = String::from_utf8(written()).expect("a record is text");
    let lines = text.lines().filter(|line| !line.contains("\"at_ms\":700"));
    let lacking: String = lines.map(|line| line.to_owned() + "\n").collect();
    assert_eq!(
        parsed(lacking.as_bytes()).expect_err("a piece is missing"),
        "read the record r: line 6 is no event: the attempt printed 8 bytes, and the lines before \
         it hold 4"
    );
}

#[test]
fn an_output_in_the_end_of_its_attempt_is_read() {
    let text = String::from_utf8(written()).expect("a record is text");
    let lines = text.lines().filter(|line| !line.contains("\"event\":\"output\""));
    let earlier: String = lines
        .map(|line| line.replace("\"bytes\":6", "\"output\":\"early\\n\""))
        .map(|line| line.replace("\"bytes\":8", "\"output\":{\"base64\":\"/wBsYXRlDQo=\"}") + "\n")
        .collect();
    assert_eq!(parsed(earlier.as_bytes()).expect("it is whole").events, joined()[1..]);
}

#[test]
fn of_much_the_beginning_is_kept() {
    let line = "x".repeat(KEPT / 4);
    let chunk = |stream| {
        let output = Output(line.clone().into_bytes());
        Event::Output(OutputChunk { step: 0, attempt: 2, stream, at_ms: 0, output })
    };
    let mut all = events();
    let Some(Event::AttemptEnded(attempt)) = all.get_mut(6) else { panic!("{all:?}") };
    attempt.bytes = line.len() as u64 * 10;
    all.splice(
        4..6,
        (0..10).map(|index| chunk(if index < 5 { Stream::Stdout } else { Stream::Stderr })),
    );
    let written: String =
        all.iter().map(|event| serde_json::to_string(event).expect("JSON") + "\n").collect();
    let record = parsed(written.as_bytes()).expect("it is whole");
    let kept = record.step(0).and_then(|step| step.kept).expect("an attempt");
    assert_eq!((kept.output.0.len(), kept.stderr.0.len()), (KEPT, KEPT));
    assert_eq!(kept.left_out, line.len() as u64);
}
