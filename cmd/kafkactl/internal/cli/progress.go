package cli

import (
	"time"

	"kafkactl/internal/health"
)

// ProgressMode is how progress is shown.
type ProgressMode int

const (
	ProgressLines ProgressMode = iota
	ProgressLive
	ProgressJSON
)

// ProgressMode is how progress is told.
func (a *App) ProgressMode() ProgressMode {
	switch {
	case a.Format == FormatJSON:
		return ProgressJSON
	case a.ErrTTY && a.Env("TERM") != "dumb":
		return ProgressLive
	default:
		return ProgressLines
	}
}

const (
	RedrawInterval    = 200 * time.Millisecond // the clock of the live ladder
	HeartbeatInterval = 10 * time.Second       // no line more often than this without a change
)

// ProgressDoc is one line of progress with -o json.
type ProgressDoc struct {
	ElapsedMS int64          `json:"elapsedMs"`
	Ready     bool           `json:"ready"`
	Rung      string         `json:"rung"`
	Verdict   health.Verdict `json:"verdict"`
	Evidence  string         `json:"evidence"`
}
