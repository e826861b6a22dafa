//! temp
pub mod store { use std::path::Path; pub fn link_into(_s:&Path,_seen:&Path,_c:&Path)->std::io::Result<()> {Ok(())} }
