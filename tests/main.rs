//! Tests of the library and of the built binary, from outside.

mod api;
mod cli_book;
mod cli_check;
mod cli_findings;
mod cli_jobs;
mod cli_output;
mod cli_check_pages;
mod cli_directives;
mod cli_progress;
mod cli_render;
mod cli_run;
mod cli_signals;
mod cli_usage;
mod cluster;
mod conformance;
mod faults;
mod observer;
mod reader;
mod run;
mod sandbox;
mod session;
mod support;
