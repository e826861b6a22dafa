//! The mounts of the host, from `/proc/self/mountinfo` (proc(5)).

use std::path::PathBuf;

/// One mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where it is mounted.
    pub(super) point: PathBuf,
    /// Its type, such as `ext4`.
    pub(super) kind: String,
}

/// File systems that hold files of the machine's user: a sandbox over `/` must
/// cover them one by one, since an overlay does not reach across mounts.
const FILE_SYSTEMS: &[&str] = &[
    "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "overlay", "9p", "virtiofs",
    "nfs", "nfs4", "cifs", "vfat", "exfat", "ntfs3", "fuseblk", "erofs", "squashfs",
];

/// Directories that a sandbox has of its own, with all below them.
const OWN: &[&str] = &["/dev", "/proc", "/run", "/sys", "/tmp"];

/// The mounted file systems below `/` that hold files, outer ones first.
pub(super) fn file_systems(mountinfo: &str) -> Vec<Mount> {
    let mut mounts: Vec<Mount> = mountinfo
        .lines()
        .filter_map(parse)
        .filter(|mount| FILE_SYSTEMS.contains(&mount.kind.as_str()))
        .filter(|mount| mount.point.components().count() > 1)
        .filter(|mount| !OWN.iter().any(|own| mount.point.starts_with(own)))
        .collect();
    mounts.sort_by_key(|mount| mount.point.components().count());
    // The last mount on a point hides the earlier ones.
    mounts.dedup_by(|later, earlier| later.point == earlier.point);
    mounts
}

/// Where something is mounted, in the order in which it was.
pub(super) fn points(mountinfo: &str) -> impl Iterator<Item = PathBuf> {
    mountinfo.lines().filter_map(parse).map(|mount| mount.point)
}

/// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`
fn parse(line: &str) -> Option<Mount> {
    let (fields, after) = line.split_once(" - ")?;
    let point = fields.split(' ').nth(4)?;
    Some(Mount { point: unescape(point).into(), kind: after.split(' ').next()?.to_owned() })
}

/// The kernel writes blanks, tabs, line ends and backslashes as `\ooo`.
fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut rest = field;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let octal = rest.get(at + 1..at + 4).and_then(|octal| u8::from_str_radix(octal, 8).ok());
        text.push(octal.map_or('\\', char::from));
        rest = &rest[at + if octal.is_some() { 4 } else { 1 }..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_file_systems_below_the_root_count_and_outer_ones_come_first() {
        let mountinfo = "\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
23 22 0:20 / /proc rw - proc proc rw
40 22 8:3 / /home/me/disk\\040two rw - xfs /dev/sdb1 rw
31 22 8:2 / /home rw shared:1 - ext4 /dev/sda2 rw
33 22 8:2 / /run/netns rw - ext4 /dev/sda2 rw
32 22 0:5 / /dev/shm rw - tmpfs tmpfs rw
";
        let points: Vec<_> = file_systems(mountinfo).into_iter().map(|mount| mount.point).collect();
        assert_eq!(points, [PathBuf::from("/home"), PathBuf::from("/home/me/disk two")]);
    }
}
