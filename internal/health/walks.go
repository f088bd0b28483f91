package health

import (
	"context"
	"sync"

	"kafkactl/internal/kafka"
)

// walks asks a set of addresses at once, each one stage after another, and collects each stage
// across the addresses. One walk has one attempt for all its stages.
type walks struct {
	addrs  []string
	tracks [][]chan answer // by address and stage; closed without an answer where the walk ended before
	halted chan struct{}   // no more answers are wanted
	halt   func()
}

func newWalks(addrs []string, stages int) *walks {
	s := &walks{addrs: addrs, halted: make(chan struct{})}
	s.halt = sync.OnceFunc(func() { close(s.halted) })
	for range addrs {
		track := make([]chan answer, stages)
		for i := range track {
			track[i] = make(chan answer, 1)
		}
		s.tracks = append(s.tracks, track)
	}
	return s
}

// start begins the walks. A walk calls tell with the answer of each stage in turn, and goes on
// while tell returns true.
func (s *walks) start(ctx context.Context, l *Ladder, walk func(ctx context.Context, addr string, tell func(answer) bool)) {
	for i, addr := range s.addrs {
		go func() {
			bound, cancel, shrunk := l.within(ctx, 1)
			defer cancel()
			track := s.tracks[i]
			walk(bound, addr, func(a answer) bool {
				a.evidence = addr + ": " + a.evidence
				a.cut = shrunk && kafka.TimedOut(a.err)
				track[0] <- a
				close(track[0])
				track = track[1:]
				return a.verdict == Pass
			})
			for _, unreached := range track {
				close(unreached)
			}
		}()
	}
}

// stage waits for one stage of every walk. An address that did not get there has a zero answer.
func (s *walks) stage(n int) []answer {
	answers := make([]answer, len(s.addrs))
	for i, track := range s.tracks {
		select {
		case answers[i] = <-track[n]:
			continue
		case <-s.halted:
		}
		select { // halted, and this one may have answered all the same
		case answers[i] = <-track[n]:
		default:
		}
	}
	return answers
}

// judge makes one answer of those to a stage, which holds where one address holds. The others are a
// warning if every address was to be asked. A fault of this process is no warning about an address.
func (s *walks) judge(answers []answer, every bool) answer {
	total := combine(answers, 1)
	if total.verdict != Pass || !every {
		return total
	}
	var mild, absent []answer
	for _, a := range answers {
		switch {
		case a.verdict == "": // it fell out on a lower rung
			continue
		case !a.verdict.Holds() && kafka.OwnFault(a.err) == nil:
			absent = append(absent, a)
			a.verdict = Warn
		}
		mild = append(mild, a)
	}
	total = combine(mild, len(mild))
	total.absent = absent
	return total
}

// askAll runs ask for every item at once and returns the answers in the items' order.
func askAll[T, A any](items []T, ask func(T) A) []A {
	answers := make([]A, len(items))
	var all sync.WaitGroup
	for i, item := range items {
		all.Go(func() { answers[i] = ask(item) })
	}
	all.Wait()
	return answers
}
