//! Reports of hand-written records: whole outputs, without styles.

mod shown;
mod written;

use super::{Terminal, Transcript};
use crate::lab::{Command, RecordedOutput, Step};
use crate::record::{
    AttemptEnded, Closing, ClusterFact, Ended, Event, Explanation, Facts, Header, Output, StandIn,
    StepEnded, StepStarted, Verdict,
};

const PAGE: &str = "\
# Claims

```bash
$ kubectl get pods
NAME   READY   STATUS    RESTARTS   AGE
app    1/1     Running   4          30s
```

```bash
$ kubectl get pvc
NAME   STATUS   CAPACITY
data   Bound    1Gi
```

```bash
$ kubectl delete pod app
pod \"app\" deleted
```
";

fn step(line: usize, text: &str, output: (usize, usize)) -> Step {
    let lines: Vec<&str> = PAGE.lines().collect();
    Step {
        command: Command { first_line: line, last_line: line, text: text.to_owned() },
        outputs: vec![RecordedOutput {
            first_line: output.0,
            last_line: output.1,
            text: lines[output.0 - 1..output.1].join("\n"),
            ..RecordedOutput::default()
        }],
        ..Step::default()
    }
}

fn steps() -> Vec<Step> {
    vec![
        step(4, "kubectl get pods", (5, 6)),
        step(10, "kubectl get pvc", (11, 12)),
        step(16, "kubectl delete pod app", (17, 17)),
    ]
}

fn header() -> Header {
    Header {
        schema: 1,
        labbook: "0.1.0".to_owned(),
        page: "labs/claims/lab.md".to_owned(),
        sha256: String::new(),
        inputs: String::new(),
        cluster: ClusterFact {
            provider: "embedded".to_owned(),
            version: Some("v1.36.3".to_owned()),
        },
        sandbox: None,
        started: "2026-11-23T10:00:00Z".parse().expect("a time"),
    }
}

fn ran(index: usize, output: &str, verdict: Verdict, explanation: Vec<Explanation>) -> Vec<Event> {
    let command = &steps()[index].command;
    vec![
        Event::StepStarted(StepStarted {
            step: index,
            first_line: command.first_line,
            last_line: command.last_line,
            text: command.text.clone(),
            executed: None,
        }),
        Event::AttemptEnded(AttemptEnded {
            step: index,
            attempt: 1,
            ended: Ended::Exited(0),
            output: Output(output.as_bytes().to_vec()),
            stderr: Output::default(),
            left_out: 0,
            bytes: output.len() as u64,
            dropped: 0,
            terminal: false,
            duration_ms: 120,
            facts: Facts::default(),
        }),
        Event::StepEnded(StepEnded {
            step: index,
            verdict,
            kept: Some(1),
            attempts: 1,
            took_ms: 120,
            explanation,
        }),
    ]
}

fn closing(verdict: Verdict, reason: Option<&str>) -> Event {
    Event::Closing(Closing {
        verdict,
        ended: "2026-11-23T10:01:12.5Z".parse().expect("a time"),
        reason: reason.map(str::to_owned),
        stand_ins: vec![StandIn {
            image: "busybox:1.36".to_owned(),
            note: "the distribution's busybox-static".to_owned(),
        }],
    })
}

fn reason(kind: &str, line: usize, column: &str, old: &str, new: &str, text: &str) -> Explanation {
    Explanation {
        kind: kind.to_owned(),
        breaks: kind == "cell",
        line: Some(line),
        column: Some(column.to_owned()),
        old: Some(old.to_owned()),
        new: Some(new.to_owned()),
        text: text.to_owned(),
    }
}

fn failing_run() -> Vec<Event> {
    let restarts =
        reason("restarts", 6, "RESTARTS", "4", "0", "app was restarted 0 times, 4 on the page");
    let status = reason("cell", 12, "STATUS", "Bound", "Pending", "STATUS of data is not the same");
    let mut events = ran(0, "NAME …\n", Verdict::Drift, vec![restarts]);
    let pending = "NAME   STATUS    CAPACITY\ndata   Pending\n";
    events.extend(ran(1, pending, Verdict::Different, vec![status]));
    events.push(closing(Verdict::Different, Some("interrupted")));
    events
}

fn plain(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut stream = anstream::StripStream::new(Vec::new());
    write(&mut stream).expect("writing to memory");
    String::from_utf8(stream.into_inner()).expect("text")
}

fn terminal(events: &[Event], width: Option<usize>) -> String {
    let transcript = Transcript::new(&header(), events, &steps()).expect("a transcript");
    let terminal = Terminal::new(width);
    plain(|mut out| {
        terminal.heading(&mut out, &transcript.header.page, &transcript.header)?;
        for step in &transcript.steps {
            terminal.step(&mut out, step)?;
        }
        terminal.differences(&mut out, &transcript.header.page, &transcript, PAGE)?;
        terminal.summary(&mut out, &transcript)
    })
}
