package embedded

import "github.com/twmb/franz-go/pkg/kmsg"

// UpstreamDefects returns the names of the faults of kfake that are mended here.
func UpstreamDefects() []string {
	var names []string
	for _, d := range upstreamDefects() {
		names = append(names, d.name)
	}
	return names
}

// TellEndpoint tells one address for all brokers of an answer.
func TellEndpoint(resp kmsg.Response, e Endpoint) (changed bool) {
	mends := tellEndpoints(func(int32) (Endpoint, bool) { return e, true })
	for _, mend := range mends[resp.Key()] {
		changed = mend(resp) || changed
	}
	return changed
}

// ListenHost returns the address that is listened on for an advertised host.
func ListenHost(host string) string { return listenHost(host) }
