package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// barOptions say what a bar shows.
type barOptions struct {
	total int64         // what Add adds up to in the end, 0 when it is not known
	bytes bool          // that is bytes, otherwise records
	line  func() string // how far it has come, for where no bar is drawn; nil is for none
}

// bar shows how far long work has come, on stderr: on a terminal a bar, if the total is
// known and it takes longer than a second; else a line every 10 s that brought anything.
// With -o json there is none.
type bar struct {
	barOptions
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

// newBar starts the clock; finish ends it.
func (a *app) newBar(o barOptions) *bar {
	b := &bar{barOptions: o, w: a.err, done: make(chan struct{})}
	b.drawn = a.errTTY && a.env("TERM") != "dumb" && o.total > 0
	switch {
	case a.format == formatJSON || o.line == nil:
	case b.drawn:
		b.ended.Go(b.draw)
	default:
		b.ended.Go(b.write)
	}
	return b
}

// Add tells of progress.
func (b *bar) Add(n int64) { b.at.Add(n) }

// finish takes the bar off the screen.
func (b *bar) finish() {
	close(b.done)
	b.ended.Wait()
}

// write writes a line now and then.
func (b *bar) write() {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for said := b.line(); ; {
		select {
		case <-b.done:
			return
		case <-ticker.C:
			if line := b.line(); line != said {
				fmt.Fprintln(b.w, line)
				said = line
			}
		}
	}
}

// draw draws the bar once it is worth it.
func (b *bar) draw() {
	delay := time.NewTimer(barDelay)
	defer delay.Stop()
	select {
	case <-b.done:
		return
	case <-delay.C:
	}
	drawing := progressbar.NewOptions64(b.total,
		progressbar.OptionSetWriter(b.w), progressbar.OptionShowBytes(b.bytes), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionUseANSICodes(true), progressbar.OptionSetPredictTime(true))
	ticker := time.NewTicker(barRedraw)
	defer ticker.Stop()
	for {
		_ = drawing.Set64(min(b.at.Load(), b.total)) // a terminal that is gone is told of by what follows
		select {
		case <-b.done:
			_ = drawing.Clear()
			return
		case <-ticker.C:
		}
	}
}
