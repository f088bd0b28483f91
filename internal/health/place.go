package health

import (
	"bufio"
	"io/fs"
	"net"
	"slices"
	"strings"

	"kafkactl/internal/kafka"
)

// Place is where kafkactl runs. It decides what localhost and a container's name mean there; the
// zero value is OnHost.
type Place string

// The places.
const (
	OnHost      Place = "host"      // names of containers do not resolve; their published ports are localhost's
	InContainer Place = "container" // localhost is the container itself; its neighbours have names
)

// FindPlace looks for the marks of container engines: the file that Docker and Podman each leave,
// the variable that Kubernetes sets, and the layered root file system of the others. root is the
// machine's root directory, os.DirFS("/").
func FindPlace(root fs.FS, lookupEnv func(string) (string, bool)) Place {
	for _, mark := range []string{".dockerenv", "run/.containerenv"} {
		if _, err := fs.Stat(root, mark); err == nil {
			return InContainer
		}
	}
	if _, set := lookupEnv("KUBERNETES_SERVICE_HOST"); set || layeredRoot(root) {
		return InContainer
	}
	return OnHost
}

// layeredRoot reports whether the root file system is an overlay, from lines such as "812 790 0:52
// / / rw,relatime - overlay overlay rw,lowerdir=…" (proc(5)).
func layeredRoot(root fs.FS) bool {
	mounts, err := root.Open("proc/self/mountinfo")
	if err != nil {
		return false
	}
	defer mounts.Close() //nolint:errcheck // only read
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		if fields := strings.Fields(before); len(fields) > 4 && fields[4] == "/" {
			return strings.HasPrefix(after, "overlay ")
		}
	}
	return false
}

// Where the stack listens: its broker's name in the containers' network, the port there, and the
// port on the host.
const (
	serviceName = "kafka"
	networkPort = "9092"
	hostPort    = "29092"
)

// neighbours returns the addresses where, seen from p, the stack that was meant with addr may
// answer. They are on the host itself or have names of the containers' network: never somebody
// else's machine.
func (p Place) neighbours(addr string) []string {
	host, _, _ := net.SplitHostPort(addr)
	var near []string
	switch {
	case p == InContainer && kafka.Loopback(host): // what listens in the same container, as dev and a shared network do, comes last
		near = []string{net.JoinHostPort(serviceName, networkPort), net.JoinHostPort(host, hostPort), net.JoinHostPort(host, networkPort)}
	case p == InContainer && engineHost(host):
		near = []string{net.JoinHostPort(serviceName, networkPort)}
	case p == InContainer && bareName(host):
		near = []string{net.JoinHostPort(host, networkPort)}
	case p == InContainer:
	case kafka.Loopback(host):
		near = []string{net.JoinHostPort(host, hostPort), net.JoinHostPort(host, networkPort)}
	case bareName(host):
		near = []string{net.JoinHostPort("localhost", hostPort)}
	}
	return slices.DeleteFunc(near, func(a string) bool { return a == addr })
}

// engineHost reports whether host is a name by which container engines let a container reach its
// host.
func engineHost(host string) bool {
	return slices.Contains([]string{"host.docker.internal", "gateway.docker.internal", "host.containers.internal"}, host)
}

// bareName reports whether host is a name without a dot, as services have in a containers' network.
func bareName(host string) bool { return !strings.ContainsAny(host, ".:") && host != "" }
