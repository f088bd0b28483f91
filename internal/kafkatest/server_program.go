package kafkatest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// ServerProgram is a [ClientProgram] that runs until it is stopped.
type ServerProgram struct{ proc *process }

// Serve starts the program, which is ended with tb at the latest. When tb has failed by then, the end
// of what the program printed goes to tb's log.
func (p ClientProgram) Serve(tb testing.TB, args ...string) *ServerProgram {
	tb.Helper()
	if len(p.env) > 0 {
		tb.Fatal("a server has the environment of the tests")
	}
	sp := newSpawner()
	tb.Cleanup(sp.end)
	s := &ServerProgram{&process{
		name:    filepath.Base(p.argv[0]),
		logPath: filepath.Join(tb.TempDir(), "server.log"),
		argv:    append(p.argv[:len(p.argv):len(p.argv)], args...),
		spawner: sp,
	}}
	if err := s.proc.start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the end of what the server printed:\n%s", logTail(s.proc.logPath, 0))
		}
		if err := s.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// Await waits until the program has printed what matches the pattern, and returns the match and its
// groups. A program that ended by itself is an error, and so is one that did not print it in time.
func (s *ServerProgram) Await(pattern *regexp.Regexp, patience time.Duration) ([]string, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for start := time.Now(); ; <-tick.C {
		_, gone := s.proc.serving()
		log, err := readFrom(s.proc.logPath, 0)
		if err != nil {
			return nil, err
		}
		if match := pattern.FindSubmatch(log); match != nil {
			groups := make([]string, len(match))
			for i, group := range match {
				groups[i] = string(group)
			}
			return groups, nil
		}
		if gone != nil {
			return nil, gone
		}
		if time.Since(start) > patience {
			return nil, fmt.Errorf("did not print %q within %v", pattern, patience)
		}
	}
}

// Log returns what the program has printed.
func (s *ServerProgram) Log() ([]byte, error) { return readFrom(s.proc.logPath, 0) }

// Stop asks the program to end (SIGTERM) and waits until it has. One that has ended is left alone.
func (s *ServerProgram) Stop() error { return s.proc.stop() }
