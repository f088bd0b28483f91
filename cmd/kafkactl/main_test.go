package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kafkactl/internal/kafkatest"
)

// tests runs the package's tests and ends the real clusters they shared.
type tests struct{ m *testing.M }

func (t tests) Run() int { return kafkatest.Main(t.m) }

// TestMain lets the test binary be kafkactl itself when it is run under that name.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"kafkactl": func() { os.Exit(run(os.Args[1:], "dev")) },
	})
}

// The first collection is late, and those after it are as usual.
func TestDelayCollection(t *testing.T) {
	t.Setenv("GOGC", "")
	percent := func() int { // telling needs setting
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	defer debug.SetGCPercent(percent())
	debug.SetGCPercent(150)
	delayCollection()
	if got := percent(); got != 400 {
		t.Errorf("before the first collection: %d%%", got)
	}
	runtime.GC()
	for began := time.Now(); percent() != 150; time.Sleep(time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("after a collection: %d%%", percent())
		}
	}
}
