//! The built binary, from outside.

mod cli_book;
mod cli_check;
mod cli_render;
mod cli_usage;
mod support;
