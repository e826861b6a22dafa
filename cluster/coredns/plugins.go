package main

// The plug-ins that a cluster's DNS needs, and those that labs about DNS edit
// into its Corefile. Leaving out the cloud providers' ones keeps their client
// libraries out of the binary.
import (
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
	_ "github.com/coredns/coredns/plugin/rewrite"
	_ "github.com/coredns/coredns/plugin/template"
)

// directives is the order in which the plug-ins see a query, as in upstream's
// plugin.cfg: a Corefile's own order has no meaning.
var directives = []string{
	"reload", "ready", "health", "prometheus", "errors", "log", "cache", "rewrite",
	"loadbalance", "template", "hosts", "kubernetes", "loop", "forward",
}
