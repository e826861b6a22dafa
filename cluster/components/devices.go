package main

import (
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// The kernel's constants for programs of the device controller
// (include/uapi/linux/bpf.h): the low half of the first word of the context is
// the kind of device, the high half what is asked for.
const (
	blockDevice = 1
	readOrWrite = 2 | 4
	kindMask    = 0xffff
	askedShift  = 16
)

// denyBlockDevices attaches a program to a cgroup v2 directory that refuses to
// open block devices for every process below it, containers with rules of
// their own included: where several programs are attached, all must agree.
//
// It is what "b *:* rw" in devices.deny is on cgroup v1. Making a node stays
// allowed, since image layers hold nodes.
func denyBlockDevices(cgroup string) error {
	directory, err := os.Open(cgroup)
	if err != nil {
		return err
	}
	defer directory.Close()
	// Older kernels count programs against this limit; newer ones ignore it.
	_ = unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY})
	program, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type:    ebpf.CGroupDevice,
		License: "MIT",
		Instructions: asm.Instructions{
			asm.LoadMem(asm.R2, asm.R1, 0, asm.Word),
			asm.Mov.Reg(asm.R3, asm.R2),
			asm.And.Imm(asm.R2, kindMask),
			asm.JNE.Imm(asm.R2, blockDevice, "allow"),
			asm.RSh.Imm(asm.R3, askedShift),
			asm.And.Imm(asm.R3, readOrWrite),
			asm.JEq.Imm(asm.R3, 0, "allow"),
			asm.Mov.Imm(asm.R0, 0),
			asm.Return(),
			asm.Mov.Imm(asm.R0, 1).WithSymbol("allow"),
			asm.Return(),
		},
	})
	if err != nil {
		return fmt.Errorf("the kernel refuses the device program: %w", err)
	}
	defer program.Close()
	// Attached to the cgroup itself, it outlives this process, and ends with
	// the cgroup.
	return link.RawAttachProgram(link.RawAttachProgramOptions{
		Target:  int(directory.Fd()),
		Program: program,
		Attach:  ebpf.AttachCGroupDevice,
		Flags:   unix.BPF_F_ALLOW_MULTI,
	})
}
