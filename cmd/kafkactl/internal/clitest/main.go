package clitest

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kafkactl/internal/kafkatest"
)

// shared runs a package's tests and ends the real clusters they shared.
type shared struct{ m *testing.M }

func (s shared) Run() int { return kafkatest.Main(s.m) }

// Main is TestMain of a package whose tests run the program: the test binary is the program
// itself when it is run under the name kafkactl, and a Kafka client under the name client.
func Main(m *testing.M, program func(args []string, version string) int) {
	testscript.Main(shared{m}, map[string]func(){
		"kafkactl": func() { os.Exit(program(os.Args[1:], "dev")) },
		"client":   func() { os.Exit(client(os.Args[1:])) },
	})
}
