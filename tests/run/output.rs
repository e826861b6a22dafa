//! What commands print, as it reaches the record.

use std::time::Duration;

use labbook::record::{Event, KEPT, Stream, Verdict};
use labbook::run::Stop;

use super::{Bench, story};

/// The pieces of what a step printed.
fn pieces(events: &[Event], step: usize) -> Vec<(Stream, u64, &[u8])> {
    let pieces = events.iter().filter_map(|event| match event {
        Event::Output(chunk) if chunk.step == step => {
            Some((chunk.stream, chunk.at_ms, chunk.output.0.as_slice()))
        }
        _ => None,
    });
    pieces.collect()
}

/// All that a step printed.
fn whole(events: &[Event], step: usize) -> Vec<u8> {
    pieces(events, step).into_iter().flat_map(|(_, _, bytes)| bytes).copied().collect()
}

#[tokio::test]
async fn every_byte_reaches_the_record() {
    let bench = Bench::new()
        .step("printf 'a\\0\\377\\r\\nb'; printf '\\342\\202'; printf '\\254' >&2", None)
        .step("true", None)
        .step("seq 200000; printf end", None);
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Ran; 3]);
    assert_eq!(whole(&events, 0), b"a\0\xff\r\nb\xe2\x82\xac");
    assert_eq!(pieces(&events, 1), []);
    let numbers: String = (1..=200_000).map(|number| number.to_string() + "\n").collect();
    assert!(numbers.len() > KEPT, "it is long enough for a file");
    assert!(whole(&events, 2) == (numbers + "end").as_bytes());
    let ends = |event: &Event| match event {
        Event::AttemptEnded(attempt) => Some((attempt.bytes, attempt.left_out)),
        _ => None,
    };
    let lengths: Vec<_> = events.iter().filter_map(ends).collect();
    let long = whole(&events, 2).len() as u64;
    assert_eq!(lengths, [(9, 0), (0, 0), (long, long - KEPT as u64)]);
}

#[tokio::test]
async fn a_piece_holds_whole_characters_and_its_time() {
    let euros = "\u{20ac}".repeat(100_000);
    let bench = Bench::new().step("printf '\u{20ac}%.0s' {1..100000}", Some(&euros));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").verdict, Verdict::Same);
    let pieces = pieces(&events, 0);
    assert!(pieces.len() > 1 && pieces.is_sorted_by_key(|(_, at_ms, _)| *at_ms));
    assert!(pieces.iter().all(|(_, _, bytes)| std::str::from_utf8(bytes).is_ok()));
}

#[tokio::test]
async fn streams_are_told_apart_in_the_order_in_which_they_come() {
    // More than a pipe holds, so that it was read when the next is written.
    let much = "head -c 300000 /dev/zero";
    let bench = Bench::new()
        .step(&format!("{much}; printf error >&2; {much}"), None)
        .but(|step| step.apart = true)
        .step("echo out; echo error >&2; ls none", Some("out"))
        .but(|step| {
            step.apart = true;
            step.exit = Some(vec![2]);
        })
        .step("echo out; echo error >&2", Some("out"))
        .but(|step| step.wait = Duration::ZERO)
        .step("nonexistent", Some("out"))
        .but(|step| step.apart = true);
    let (result, events) = bench.run().await;
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Ran, Verdict::Same, Verdict::Different, Verdict::Error],
        "{:?}",
        story(&events)
    );
    let order: Vec<Stream> = pieces(&events, 0).into_iter().map(|(stream, ..)| stream).collect();
    let errors: Vec<usize> =
        (0..order.len()).filter(|index| order[*index] == Stream::Stderr).collect();
    let [error] = errors[..] else { panic!("{order:?}") };
    assert!(error > 0 && error + 1 < order.len(), "{order:?}");
    assert!(order.iter().all(|stream| *stream != Stream::Both));
    assert_eq!(whole(&events, 0).len(), 600_005);
    let told = |event: &Event| match event {
        Event::AttemptEnded(attempt) if attempt.step == 1 => {
            Some((attempt.output.text().into_owned(), attempt.stderr.text().into_owned()))
        }
        _ => None,
    };
    let (out, error) = events.iter().find_map(told).expect("it ended");
    assert_eq!(out, "out\n");
    assert!(error.starts_with("error\nls: "), "{error}");
    assert_eq!(pieces(&events, 2), [(Stream::Both, pieces(&events, 2)[0].1, &b"out\nerror\n"[..])]);
}

#[tokio::test]
async fn an_output_that_is_not_compared_is_never_the_same() {
    let much = "head -c 2000000 /dev/zero | tr '\\0' x";
    let bench = Bench::new()
        .step(much, Some("x"))
        .step(much, None)
        .step(&format!("{much}; false"), None)
        .step(&format!("{much}; echo; nonexistent"), None);
    let mut outputs = Vec::new();
    let mut why = Vec::new();
    let result = bench
        .run_with(None, Stop::never(), &mut |event| match event {
            Event::AttemptEnded(attempt) => outputs.push(attempt.output.0.len()),
            Event::StepEnded(ended) => why.extend(ended.explanation.iter().cloned()),
            _ => {}
        })
        .await;
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Different, Verdict::Ran, Verdict::Different, Verdict::Error]
    );
    assert_eq!(outputs, [KEPT; 4], "it is not tried again, and only its beginning is kept");
    let kinds: Vec<&str> = why.iter().map(|why| why.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["too-much-output", "too-much-output", "exit-code", "too-much-output", "not-installed"]
    );
    assert_eq!(
        why[0].text,
        "the command printed 2000000 bytes, more than labbook compares (1048576): they are in the \
         record, and were not compared"
    );
}
