package cli

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// BarOptions say what a bar shows.
type BarOptions struct {
	Total int64         // what Add adds up to in the end, 0 when it is not known
	Bytes bool          // that is bytes, otherwise records
	Line  func() string // how far it has come, for where no bar is drawn; nil is for none
}

// Bar shows how far long work has come, on stderr: on a terminal a bar, if the total is
// known and it takes longer than a second; else a line every 10 s that brought anything.
// With -o json there is none.
type Bar struct {
	BarOptions
	w     io.Writer
	drawn bool
	at    atomic.Int64
	done  chan struct{}
	ended sync.WaitGroup
}

const (
	barDelay  = time.Second // what ends sooner needs no bar
	barRedraw = 100 * time.Millisecond
)

// NewBar starts the clock; finish ends it.
func (a *App) NewBar(o BarOptions) *Bar {
	b := &Bar{BarOptions: o, w: a.Err, done: make(chan struct{})}
	b.drawn = a.ErrTTY && a.Env("TERM") != "dumb" && o.Total > 0
	switch {
	case a.Format == FormatJSON || o.Line == nil:
	case b.drawn:
		b.ended.Go(b.draw)
	default:
		b.ended.Go(b.write)
	}
	return b
}

// Add tells of progress.
func (b *Bar) Add(n int64) { b.at.Add(n) }

// Finish takes the bar off the screen.
func (b *Bar) Finish() {
	close(b.done)
	b.ended.Wait()
}

// write writes a line now and then.
func (b *Bar) write() {
	ticker := time.NewTicker(HeartbeatInterval)
	defer ticker.Stop()
	for said := b.Line(); ; {
		select {
		case <-b.done:
			return
		case <-ticker.C:
			if line := b.Line(); line != said {
				fmt.Fprintln(b.w, line)
				said = line
			}
		}
	}
}

// draw draws the bar once it is worth it.
func (b *Bar) draw() {
	delay := time.NewTimer(barDelay)
	defer delay.Stop()
	select {
	case <-b.done:
		return
	case <-delay.C:
	}
	drawing := progressbar.NewOptions64(b.Total,
		progressbar.OptionSetWriter(b.w), progressbar.OptionShowBytes(b.Bytes), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionUseANSICodes(true), progressbar.OptionSetPredictTime(true))
	ticker := time.NewTicker(barRedraw)
	defer ticker.Stop()
	for {
		_ = drawing.Set64(min(b.at.Load(), b.Total)) // a terminal that is gone is told of by what follows
		select {
		case <-b.done:
			_ = drawing.Clear()
			return
		case <-ticker.C:
		}
	}
}
