package cli

import (
	"time"

	"kafkactl/internal/health"
)

// ProgressMode is how a command shows on stderr what it waits for.
type ProgressMode int

// The ways to show progress.
const (
	ProgressLines ProgressMode = iota // one line a change, and a sign of life at every heartbeat
	ProgressLive                      // drawn over itself, on a terminal
	ProgressJSON                      // one object a line
)

// ProgressMode returns how this run shows progress.
func (a *App) ProgressMode() ProgressMode {
	switch {
	case a.Format == FormatJSON:
		return ProgressJSON
	case a.ErrTTY && !a.dumbTerminal():
		return ProgressLive
	default:
		return ProgressLines
	}
}

// The clock of progress.
const (
	// RedrawInterval is how often what is drawn on a terminal is drawn again.
	RedrawInterval = 200 * time.Millisecond
	// HeartbeatInterval is the time after which a line is written although nothing has changed.
	HeartbeatInterval = 10 * time.Second
)

// CallEvery calls f every interval until done is closed. Calls do not overlap.
func CallEvery(interval time.Duration, done <-chan struct{}, f func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			f()
		}
	}
}

// ProgressDoc is one line of progress with -o json.
type ProgressDoc struct {
	ElapsedMS int64          `json:"elapsedMs"`
	Ready     bool           `json:"ready"`
	Rung      string         `json:"rung"`
	Verdict   health.Verdict `json:"verdict"`
	Evidence  string         `json:"evidence"`
}
