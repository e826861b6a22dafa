//! Hashes of what is made of parts: what a run or an image depends on.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Adds a part to a hash such that no other split of the same bytes gives the
/// same hash.
pub(crate) fn absorb(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_splits_apart() {
        let hash = |parts: &[&[u8]]| {
            let mut hash = Sha256::new();
            for part in parts {
                absorb(&mut hash, part);
            }
            hex(&hash.finalize())
        };
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_eq!(hex(&[0, 0xab]), "00ab");
    }
}
