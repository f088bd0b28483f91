package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kafkactl/internal/kafkatest"
)

// tests runs the package's tests and ends the real clusters they shared.
type tests struct{ m *testing.M }

func (t tests) Run() int { return kafkatest.Main(t.m) }

// TestMain lets the test binary be kafkactl itself when it is run under that name.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"kafkactl": func() { os.Exit(run(os.Args[1:], stdio())) },
	})
}
