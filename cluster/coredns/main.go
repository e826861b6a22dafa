// Command coredns is CoreDNS with the plug-ins that labs use.
//
// It is built apart from the other components because it runs from an image:
// the smaller the binary, the sooner a fresh cluster answers names.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
)

func main() {
	dnsserver.Directives = directives
	coremain.Run()
}
