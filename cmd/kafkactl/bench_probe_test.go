package main

import (
	"os/exec"
	"testing"

	"kafkactl/internal/kafkatest"
)

// A container's health check, asked of a warm broker: the whole process, beside the one
// that Apache's images are usually given.
func BenchmarkProbe(b *testing.B) {
	c, binary := kafkatest.Shared(b, kafkatest.Kraft1), shipped(b)
	var ours, theirs []sample
	for b.Loop() {
		ours = append(ours, timed(b, exec.CommandContext(b.Context(), binary, "health", "--probe", "-b", c.Bootstrap())))
		theirs = append(theirs, timed(b, c.CLICommand("kafka-broker-api-versions", "--bootstrap-server", "{b}")))
	}
	beside(b, ours, theirs, "api-versions")
}
