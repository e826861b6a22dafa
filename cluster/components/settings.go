package main

import (
	"fmt"

	"github.com/cilium/ebpf/asm"
)

// writtenSettings are the settings below /proc/sys that belong to a namespace
// that a sandbox or a container has of its own: names, and what names begin
// with. All others are the whole kernel's.
var writtenSettings = []string{
	"net/",
	"fs/mqueue/",
	"kernel/msg",
	"kernel/shm",
	whole("kernel/sem"),
	whole("kernel/sem_next_id"),
	whole("kernel/hostname"),
	whole("kernel/domainname"),
}

// whole makes what names begin with the name: the kernel ends it with a zero.
func whole(name string) string {
	return name + "\x00"
}

// Where the name of a setting is put: a longer one is cut, which no whole name
// in the list is.
const (
	nameSize   = 64
	nameOffset = -nameSize
	wordSize   = 8
)

// settingsProgram refuses to write settings other than writtenSettings, through
// whichever /proc: a container that may mount has one that nobody made
// read-only.
func settingsProgram() asm.Instructions {
	// The first word of the context tells whether it is a write.
	program := asm.Instructions{
		asm.LoadMem(asm.R2, asm.R1, 0, asm.Word),
		asm.JEq.Imm(asm.R2, 0, "allow"),
	}
	// Older kernels have it that the program itself fills what it hands out.
	for offset := int16(nameOffset); offset < 0; offset += wordSize {
		program = append(program, asm.StoreImm(asm.RFP, offset, 0, asm.DWord))
	}
	program = append(program,
		asm.Mov.Reg(asm.R2, asm.RFP),
		asm.Add.Imm(asm.R2, nameOffset),
		asm.Mov.Imm(asm.R3, nameSize),
		asm.Mov.Imm(asm.R4, 0), // the name with the folders that it is in
		asm.FnSysctlGetName.Call(),
	)
	label := func(index int) string { return fmt.Sprintf("setting-%d", index) }
	for index, beginning := range writtenSettings {
		for place, letter := range []byte(beginning) {
			load := asm.LoadMem(asm.R2, asm.RFP, int16(nameOffset+place), asm.Byte)
			if place == 0 {
				load = load.WithSymbol(label(index))
			}
			program = append(program, load, asm.JNE.Imm(asm.R2, int32(letter), label(index+1)))
		}
		program = append(program, asm.Ja.Label("allow"))
	}
	// After the last of them comes the refusal.
	program = append(program, asm.Ja.Label("refuse").WithSymbol(label(len(writtenSettings))))
	return append(program, verdicts()...)
}
