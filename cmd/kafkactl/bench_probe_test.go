package main

import (
	"testing"

	"kafkactl/internal/kafkatest"
)

// A container's health check, asked of a warm broker: the whole process, beside the one
// that Apache's images are usually given.
func BenchmarkProbe(b *testing.B) {
	c, k := kafkatest.Shared(b, kafkatest.Kraft1), newBuilds(b)
	var ours pair
	var theirs []sample
	for b.Loop() {
		ours.time(k, "health", "--probe", "-b", c.Bootstrap())
		theirs = append(theirs, timed(b, c.CLICommand("kafka-broker-api-versions", "--bootstrap-server", "{b}")))
	}
	beside(b, ours, theirs, "api-versions")
}
