package cli

import (
	"encoding/json"
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
	Line  func() string // how far it has come, for where no bar is drawn; nil shows nothing at all
	Doc   func() any    // the same for -o json; nil shows nothing there
}

// Bar shows on stderr how far long work has come. On a terminal that is a bar, if the total is
// known and the work takes longer than a second; elsewhere a line every 10 s, if there was
// progress, and a last one in the end if there were any; with -o json they are objects.
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

// NewBar starts the clock; [Bar.Finish] ends it.
func (a *App) NewBar(o BarOptions) *Bar {
	b := &Bar{BarOptions: o, w: a.Err, done: make(chan struct{})}
	b.drawn = a.ErrTTY && !a.dumbTerminal() && o.Total > 0
	switch {
	case a.Format == FormatJSON:
		if o.Doc != nil {
			b.Line = func() string {
				text, _ := json.Marshal(o.Doc())
				return string(text)
			}
			b.ended.Go(b.write)
		}
	case o.Line == nil:
	case b.drawn:
		b.ended.Go(b.draw)
	default:
		b.ended.Go(b.write)
	}
	return b
}

// Add counts progress of n. Several goroutines may call it.
func (b *Bar) Add(n int64) { b.at.Add(n) }

// Set says how far it has come in all.
func (b *Bar) Set(n int64) { b.at.Store(n) }

// Finish takes the bar off the screen.
func (b *Bar) Finish() {
	close(b.done)
	b.ended.Wait()
}

// write writes a line at every heartbeat that finds progress. What has been told to be on its way is told to its end.
func (b *Bar) write() {
	latest, told := b.Line(), false
	tell := func() {
		if line := b.Line(); line != latest {
			fmt.Fprintln(b.w, line)
			latest, told = line, true
		}
	}
	CallEvery(HeartbeatInterval, b.done, tell)
	if told {
		tell()
	}
}

// draw draws the bar, unless the work ends first, and takes it away in the end.
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
	update := func() { _ = drawing.Set64(min(b.at.Load(), b.Total)) } // the answer that follows notices a terminal that is gone
	update()
	CallEvery(barRedraw, b.done, update)
	_ = drawing.Clear()
}
