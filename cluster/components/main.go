// Command components is every program of an embedded cluster in one binary;
// the first argument chooses one.
//
// One binary shares the libraries that all of them link, which keeps the build
// and the cache small. Built apart are kubectl (../kubectl), because a lab calls
// it for each step and a small binary starts more than twice as fast, and what
// runs from images (../coredns, ../pause).
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

// commands makes the named component. Only the one that was asked for may be
// made: two in one process panic, since each installs the signal handlers.
var commands = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kube-proxy":              proxy.NewProxyCommand,
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: components COMPONENT [FLAG ...]")
		os.Exit(2)
	}
	os.Args = os.Args[1:]
	switch name := os.Args[0]; name {
	case "etcd":
		etcdmain.Main(os.Args)
	case "device-filter":
		if len(os.Args) != 2 {
			fmt.Fprintln(os.Stderr, "usage: components device-filter CGROUP2_DIRECTORY")
			os.Exit(2)
		}
		if err := filter(os.Args[1]); err != nil {
			fmt.Fprintf(os.Stderr, "components: device-filter: %v\n", err)
			os.Exit(1)
		}
	default:
		command, known := commands[name]
		if !known {
			fmt.Fprintf(os.Stderr, "components: no component is called %q\n", name)
			os.Exit(2)
		}
		os.Exit(cli.Run(command()))
	}
}
