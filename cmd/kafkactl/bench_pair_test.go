package main

import (
	"os"
	"os/exec"
	"testing"
)

// "No slower than the commit before" is one command: make bench BASE=path/to/its/kafkactl. It sets
// BENCH_BASE to the path of that binary. Every command line of a benchmark then runs with both
// binaries in turn, and three more columns stand beside the usual ones.

// builds are the kafkactl that ships and another build of it, "" for none.
type builds struct {
	b             *testing.B
	shipped, base string
}

func newBuilds(b *testing.B) builds {
	b.Helper()
	base := os.Getenv("BENCH_BASE")
	if base != "" {
		if err := exec.CommandContext(b.Context(), base, "version").Run(); err != nil {
			b.Fatalf("BENCH_BASE must be the absolute path of a kafkactl, got %q: %v", base, err)
		}
	}
	return builds{b, shipped(b), base}
}

// command is a command line of the kafkactl that ships.
func (k builds) command(args ...string) *exec.Cmd {
	return exec.CommandContext(k.b.Context(), k.shipped, args...)
}

// pair is what one command line took with the kafkactl that ships, and with the base: as many
// times, or never.
type pair struct{ ours, base []sample }

// time runs one command line with both builds.
func (p *pair) time(k builds, args ...string) {
	k.b.Helper()
	p.inTurn(k, func(binary string) sample {
		return timed(k.b, exec.CommandContext(k.b.Context(), binary, args...))
	})
}

// inTurn calls run for both builds. What ran before, a JVM perhaps, has emptied the caches and used
// up this machine's share of its cores, and who comes first pays for it. So the first run is not
// counted, and each build is ahead of the other in every other round.
func (p *pair) inTurn(k builds, run func(binary string) sample) {
	if k.base == "" {
		p.ours = append(p.ours, run(k.shipped))
		return
	}
	run(k.shipped)
	if len(p.ours)%2 == 0 {
		p.ours = append(p.ours, run(k.shipped))
		p.base = append(p.base, run(k.base))
		return
	}
	p.base = append(p.base, run(k.base))
	p.ours = append(p.ours, run(k.shipped))
}

// report reports the medians as NAME-ms and NAME-base-ms, and how many times faster than the base
// the kafkactl that ships is: below 1 it is slower.
func (p *pair) report(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // the mean of all that ran in turn says nothing
	b.ReportMetric(medianMS(p.ours), name+"-ms")
	if p.base != nil {
		b.ReportMetric(medianMS(p.base), name+"-base-ms")
		b.ReportMetric(medianMS(p.base)/medianMS(p.ours), name+"-x-base")
	}
}
