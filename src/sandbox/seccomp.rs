//! The system calls that nothing in a sandbox may make. The only module with
//! unsafe code.
//!
//! `seccompiler::apply_filter` sets `no_new_privs` first, as an unprivileged
//! process must. That would take file capabilities and set-user-ID programs
//! from every pod (a server that binds port 80 without being root, ping, sudo).
//! A process with `CAP_SYS_ADMIN` needs no such promise, so the filter that
//! seccompiler compiles is handed to the kernel here.
#![expect(unsafe_code, reason = "seccomp(2) has no safe wrapper that leaves no_new_privs alone")]

use nix::libc;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use super::SandboxError;

/// Calls that change the machine, or reach files that no mount shows.
const DENIED: &[libc::c_long] = &[
    libc::SYS_open_by_handle_at,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_quotactl,
];

/// Makes [`DENIED`] fail with `EPERM`, for this thread and all that it starts,
/// for good.
pub(super) fn deny() -> Result<(), SandboxError> {
    let program = compile().map_err(|error| {
        SandboxError::step("compile the filter of system calls", std::io::Error::other(error))
    })?;
    apply(&program).map_err(|error| SandboxError::step("apply the filter of system calls", error))
}

fn compile() -> Result<BpfProgram, seccompiler::BackendError> {
    SeccompFilter::new(
        DENIED.iter().map(|&call| (call, Vec::new())).collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

fn apply(program: &BpfProgram) -> std::io::Result<()> {
    let length = u16::try_from(program.len()).map_err(std::io::Error::other)?;
    let filter = libc::sock_fprog {
        len: length,
        // seccompiler's sock_filter has the kernel's layout (repr(C)); the
        // kernel copies the program and writes nothing.
        filter: program.as_ptr().cast_mut().cast(),
    };
    // SAFETY: `filter` points to `length` instructions that live until the call
    // returns, and the kernel only reads them.
    let answer = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const filter)
    };
    if answer == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}
