// Command pause holds a pod's namespaces open: it does nothing, collects the
// processes that its pod orphans, and ends at once when it is asked to.
//
// As "agnhost pause" it is called with its own name; anything else is refused,
// so that no image pretends to be one that can do more.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	if len(os.Args) > 1 && os.Args[1] != "pause" {
		fmt.Fprintf(os.Stderr, "%s: %q is not known; this image was built by labbook and can only pause\n", os.Args[0], os.Args[1])
		os.Exit(2)
	}
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		reap()
	}
}

// reap collects every child that has ended. Several deaths may raise a single
// signal, so it goes on until there is none left.
func reap() {
	for {
		child, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if child <= 0 || err != nil {
			return
		}
	}
}
