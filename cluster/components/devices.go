package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"
)

// The kernel's constants for programs of the device controller
// (include/uapi/linux/bpf.h): the low half of the first word of the context is
// the kind of device, the high half what is asked for. Two words follow it: the
// device's major and minor number.
const (
	characterDevice = 2
	readOrWrite     = 2 | 4
	kindMask        = 0xffff
	askedShift      = 16
	majorOffset     = 4
	minorOffset     = 8
)

// The majors of character devices (Documentation/admin-guide/devices.txt) of
// which a sandbox may open some.
const (
	memory = 1
	// A process's own terminal, whichever that is.
	terminal            = 5
	miscellaneous       = 10
	firstPseudoTerminal = 136
	lastPseudoTerminal  = 143
)

var (
	// null, zero, full, random, urandom and kmsg: not mem, kmem and port.
	openedMemory = []int32{3, 5, 7, 8, 9, 11}
	// tun and fuse.
	openedMiscellaneous = []int32{200, 229}
)

// filter attaches to a cgroup v2 directory what holds for every process below
// it, containers with rules of their own included: where several programs are
// attached, all must agree. It ends with the cgroup.
//
// That the kernel has no programs for settings is no error: it is said on
// standard output.
func filter(cgroup string) error {
	directory, err := os.Open(cgroup)
	if err != nil {
		return err
	}
	defer directory.Close()
	// Older kernels count programs against this limit; newer ones ignore it.
	_ = unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY})
	// Settings first: where the other fails, the host may have other means.
	err = attach(directory, ebpf.CGroupSysctl, ebpf.AttachCGroupSysctl, settingsProgram())
	switch {
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.EPERM):
		fmt.Println("settings: unsupported")
	case err != nil:
		return fmt.Errorf("settings: %w", err)
	}
	err = attach(directory, ebpf.CGroupDevice, ebpf.AttachCGroupDevice, devicesProgram())
	if err != nil {
		return fmt.Errorf("devices: %w", err)
	}
	return nil
}

func attach(directory *os.File, kind ebpf.ProgramType, at ebpf.AttachType, instructions asm.Instructions) error {
	program, err := ebpf.NewProgram(&ebpf.ProgramSpec{Type: kind, License: "MIT", Instructions: instructions})
	if err != nil {
		return fmt.Errorf("the kernel refuses the program: %w", err)
	}
	defer program.Close()
	// Attached to the cgroup itself, it outlives this process.
	return link.RawAttachProgram(link.RawAttachProgramOptions{
		Target:  int(directory.Fd()),
		Program: program,
		Attach:  at,
		Flags:   unix.BPF_F_ALLOW_MULTI,
	})
}

// devicesProgram refuses to open block devices, and character devices other
// than those that every container has, tun and fuse.
//
// Making a node stays allowed, since image layers hold nodes.
func devicesProgram() asm.Instructions {
	program := asm.Instructions{
		asm.LoadMem(asm.R2, asm.R1, 0, asm.Word),
		asm.Mov.Reg(asm.R3, asm.R2),
		asm.RSh.Imm(asm.R3, askedShift),
		asm.And.Imm(asm.R3, readOrWrite),
		asm.JEq.Imm(asm.R3, 0, "allow"),
		asm.And.Imm(asm.R2, kindMask),
		asm.JNE.Imm(asm.R2, characterDevice, "refuse"),
		asm.LoadMem(asm.R2, asm.R1, majorOffset, asm.Word),
		asm.LoadMem(asm.R3, asm.R1, minorOffset, asm.Word),
		asm.JEq.Imm(asm.R2, terminal, "allow"),
		asm.JEq.Imm(asm.R2, memory, "memory"),
		asm.JEq.Imm(asm.R2, miscellaneous, "miscellaneous"),
		asm.JLT.Imm(asm.R2, firstPseudoTerminal, "refuse"),
		asm.JGT.Imm(asm.R2, lastPseudoTerminal, "refuse"),
		asm.Ja.Label("allow"),
	}
	minors := func(label string, opened []int32) {
		for index, minor := range opened {
			jump := asm.JEq.Imm(asm.R3, minor, "allow")
			if index == 0 {
				jump = jump.WithSymbol(label)
			}
			program = append(program, jump)
		}
		program = append(program, asm.Ja.Label("refuse"))
	}
	minors("memory", openedMemory)
	minors("miscellaneous", openedMiscellaneous)
	return append(program, verdicts()...)
}

// verdicts are the ends of a program.
func verdicts() asm.Instructions {
	return asm.Instructions{
		asm.Mov.Imm(asm.R0, 0).WithSymbol("refuse"),
		asm.Return(),
		asm.Mov.Imm(asm.R0, 1).WithSymbol("allow"),
		asm.Return(),
	}
}
