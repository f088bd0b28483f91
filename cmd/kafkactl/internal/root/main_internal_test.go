package root

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

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
