//! What memory reading labs takes: the most that is held for a page at any time,
//! the page itself included, over the page's own bytes.

mod pages;

use labbook::document::Document;
use labbook::lab;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[expect(clippy::print_stdout, reason = "a measurement's figures are its result")]
fn main() {
    let pages = pages::pages();
    // Patterns are compiled once, whatever the number of pages.
    for (_, bytes) in &pages {
        drop(lab::read(&Document::new(bytes.clone())));
    }
    let mut peaks: Vec<(usize, usize, String)> = Vec::new();
    for (path, bytes) in &pages {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let document = Document::new(bytes.clone());
        let read = lab::read(&document);
        peaks.push((MEMORY.peak_usage() - before, bytes.len(), path.display().to_string()));
        drop(read);
    }
    let ratio = |(peak, bytes, _): &(usize, usize, String)| *peak * 10 / (*bytes).max(1);
    peaks.sort_by_key(ratio);
    let tell = |what: &str, page: &(usize, usize, String)| {
        let (peak, bytes, path) = page;
        println!(
            "  {what:7} {peak:9} bytes for {bytes} ({}.{} a byte): {path}",
            ratio(page) / 10,
            ratio(page) % 10
        );
    };
    println!("{} pages, the most memory held while one is read:", pages.len());
    tell("least", &peaks[0]);
    tell("median", &peaks[peaks.len() / 2]);
    tell("most", &peaks[peaks.len() - 1]);
}
