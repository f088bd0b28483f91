package admin

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Waiting for a cluster that starts is few looks, and for one that runs it is no longer than it
// must be.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		wait  time.Duration
		moves int // how often the looks show something new
		looks int
	}{
		{110 * time.Millisecond, 1, 6},
		{time.Second, 1, 28},
		{10 * time.Second, 1, 53},
		{90 * time.Second, 1, 133},
		{90 * time.Second, 3, 134},
	} {
		t.Run(fmt.Sprintf("%s, %d moves", test.wait, test.moves), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.wait)
				defer cancel()
				var p pace
				looks := 1
				for ; p.pause(ctx); looks++ {
					p.moved(fmt.Sprint(looks % test.moves))
				}
				if diff := cmp.Diff(test.looks, looks); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// The pauses grow to a bound, and are short again when something moves that did not move before.
func TestPaceStartsAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p pace
		next := func() time.Duration {
			before := time.Now()
			p.pause(t.Context())
			return time.Since(before)
		}
		p.moved("leader missing")
		first := next()
		for range 200 {
			p.moved("leader missing")
			next()
		}
		grown := next()
		p.moved("replica missing")
		anew := next()
		for range 200 {
			next()
		}
		p.moved("leader missing")
		want := []time.Duration{shortestPause, longestPause, shortestPause, longestPause}
		if diff := cmp.Diff(want, []time.Duration{first, grown, anew, next()}); diff != "" {
			t.Error(diff)
		}
	})
}
