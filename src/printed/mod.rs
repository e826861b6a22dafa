//! What programs print: the shapes of kubectl's tables, names, durations, and of
//! a name server's answers.
//!
//! Knowledge only: whether an output could have been printed is for
//! [`findings`](crate::findings) to say, and whether two are the same for
//! [`compare`](crate::compare). This module does no IO.

pub(crate) mod dns;
pub(crate) mod duration;
pub(crate) mod header;
pub(crate) mod name;
pub(crate) mod normalise;
pub(crate) mod secret;
pub(crate) mod table;
