//! What reading labs costs: labbook's time for pages (bytes to steps) over that of
//! the Markdown parser, which only gives its events for the same bytes.
//!
//! Both take turns, so that what else the machine does concerns both. It judges
//! nothing: it prints figures, and the aim beside them.

mod pages;

use std::hint::black_box;
use std::time::{Duration, Instant};

use labbook::document::Document;
use labbook::lab;
use pulldown_cmark::Parser;

/// What all pages are repeated to in a round.
const BYTES_A_ROUND: usize = 4 << 20;
const ROUNDS: usize = 25;

#[expect(clippy::print_stdout, reason = "a measurement's figures are its result")]
fn main() {
    let pages: Vec<Vec<u8>> = pages::pages().into_iter().map(|(_, bytes)| bytes).collect();
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let times = BYTES_A_ROUND / bytes.max(1) + 1;
    let mut rounds: Vec<[Duration; 3]> = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = [Duration::ZERO; 3];
        for page in std::iter::repeat_n(&pages, times).flatten() {
            let text = String::from_utf8_lossy(page);
            let given = page.clone();
            let start = Instant::now();
            for event in Parser::new_ext(&text, Document::parser_options()).into_offset_iter() {
                black_box(event);
            }
            let parsed = Instant::now();
            let document = Document::new(given);
            let read = Instant::now();
            black_box(lab::read(&document));
            let end = Instant::now();
            round[0] += parsed - start;
            round[1] += read - parsed;
            round[2] += end - read;
            black_box(document);
        }
        rounds.push(round);
    }
    // A disturbed round is slower than it should be, never faster.
    let best = |part: usize| rounds.iter().map(|round| round[part]).min().unwrap_or_default();
    let [parser, document, lab] = [0, 1, 2].map(best);
    let rate = |time: Duration| {
        let megabytes = f64::from(u32::try_from(bytes * times).unwrap_or(u32::MAX)) / 1e6;
        megabytes / time.as_secs_f64()
    };
    let over = |time: Duration| time.as_secs_f64() / parser.as_secs_f64();
    let mut ratios: Vec<f64> = rounds
        .iter()
        .map(|[parser, document, lab]| (*document + *lab).as_secs_f64() / parser.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("{} pages, {bytes} bytes, each read {} times", pages.len(), times * ROUNDS);
    println!("  the parser's events {:7.1} MB/s", rate(parser));
    println!("  document            {:7.1} MB/s, {:.2} of it", rate(document), over(document));
    println!("  lab                 {:7.1} MB/s, {:.2} of it", rate(lab), over(lab));
    println!(
        "  labbook / parser    {:.2} at best, {:.2} in the median round  (aim: 1.70)",
        over(document + lab),
        ratios[ratios.len() / 2]
    );
}
