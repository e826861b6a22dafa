//! One question to the cluster's DNS: whether it answers yet.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::UdpSocket;

/// Asks `server` for the address of `name`, once. Returns whether the answer
/// holds one.
///
/// # Errors
/// Nothing answered within `patience`, or the network refused.
pub(super) async fn resolves(server: Ipv4Addr, name: &str, patience: Duration) -> io::Result<bool> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    socket.connect((server, 53)).await?;
    socket.send(&question(name)).await?;
    let mut answer = [0; 512];
    let length = tokio::time::timeout(patience, socket.recv(&mut answer)).await??;
    Ok(holds_answer(&answer[..length]))
}

/// A query of type A and class IN (RFC 1035, section 4).
fn question(name: &str) -> Vec<u8> {
    let mut packet = vec![0x1a, 0xb0, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.').filter(|label| !label.is_empty()) {
        packet.push(u8::try_from(label.len().min(63)).unwrap_or(63));
        packet.extend(label.bytes().take(63));
    }
    packet.extend([0, 0, 1, 0, 1]);
    packet
}

/// No error code, and at least one answer.
fn holds_answer(packet: &[u8]) -> bool {
    let header = packet.first_chunk::<12>();
    header.is_some_and(|header| {
        let (code, answers) = (header[3] & 0x0f, (header[6], header[7]));
        code == 0 && answers != (0, 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_its_labels_counted() {
        assert_eq!(&question("ab.c")[12..], b"\x02ab\x01c\0\0\x01\0\x01");
    }

    #[test]
    fn an_unknown_name_is_no_answer() {
        let unknown = [0x1a, 0xb0, 0x81, 0x83, 0, 1, 0, 0, 0, 1, 0, 0];
        let known = [0x1a, 0xb0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
        assert!(!holds_answer(&unknown));
        assert!(holds_answer(&known));
    }
}
