package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/kafkatest/docpage"
)

// runWithCode is "code N PROGRAM [ARG...]".
func runWithCode(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "code N PROGRAM [ARG...]"); err != nil {
		return err
	}
	start := time.Now()
	err := ts.Exec(args[1], args[2:]...)
	s.took = time.Since(start)
	var exit *exec.ExitError
	got := 0
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		return err
	}
	s.exit, s.printed = got, printed(ts)
	if strconv.Itoa(got) != args[0] {
		return fmt.Errorf("exit code %d, want %s", got, args[0])
	}
	return nil
}

// printed is what the script's last program wrote to both streams.
func printed(ts *testscript.TestScript) string {
	return ts.ReadFile("stdout") + "\n" + ts.ReadFile("stderr")
}

// checkDocs is "docs ID".
func checkDocs(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "docs ID"); err != nil {
		return err
	}
	if printed(ts) != s.printed {
		return errors.New("docs compares what the last code ran, and something ran since")
	}
	return docpage.Compare(args[0], s.printed, s.exit)
}

// within is "within DURATION".
func within(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "within DURATION"); err != nil {
		return err
	}
	limit, err := time.ParseDuration(args[0])
	if err == nil && s.took >= limit {
		err = fmt.Errorf("took %s, want less than %s", s.took.Round(time.Millisecond), limit)
	}
	return err
}

// needTier is "needs TIER".
func needTier(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "needs TIER"); err != nil {
		return err
	}
	tier, known := map[string]kafkatest.Tier{"linux": kafkatest.Linux, "terminal": kafkatest.Terminal}[args[0]]
	if !known {
		return fmt.Errorf("no tier %q", args[0])
	}
	kafkatest.Require(s.test, tier)
	return nil
}

// usualPort is "usual-port": until the script ends, no other test listens on 29092 or is surprised by
// who does.
func usualPort(_ *testscript.TestScript, s *stage, args []string) error {
	kafkatest.UsualPort(s.test)
	return usage(args, 0, "usual-port")
}

// transcript is what a running program has written so far.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// signalNamed is a signal of a script.
func signalNamed(name string) (os.Signal, error) {
	signal, known := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt, "HUP": syscall.SIGHUP}[name]
	if !known {
		return nil, fmt.Errorf("no signal %q", name)
	}
	return signal, nil
}

// interrupt is "interrupt N SIGNAL PATTERN PROGRAM [ARG...]".
func interrupt(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 4, "interrupt N SIGNAL PATTERN PROGRAM [ARG...]"); err != nil {
		return err
	}
	return s.signal(ts, args[0], args[1], args[2:3], args[3:])
}

// insist is "insist N SIGNAL PATTERN PATTERN PROGRAM [ARG...]".
func insist(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 5, "insist N SIGNAL PATTERN PATTERN PROGRAM [ARG...]"); err != nil {
		return err
	}
	return s.signal(ts, args[0], args[1], args[2:4], args[4:])
}

// signal sends a signal at each of patterns, and checks the exit code and the time since
// the last of them.
func (s *stage) signal(ts *testscript.TestScript, code, name string, patterns, program []string) error {
	signal, err := signalNamed(name)
	if err != nil {
		return err
	}
	var steps []cue
	start := time.Now()
	for _, text := range patterns {
		pattern, err := regexp.Compile(text)
		if err != nil {
			return err
		}
		steps = append(steps, cue{pattern, func(program *os.Process) error {
			start = time.Now()
			return program.Signal(signal)
		}})
	}
	got, err := s.once(ts, program, steps...)
	s.took = time.Since(start)
	if err != nil {
		return err
	}
	if strconv.Itoa(got) != code {
		return fmt.Errorf("exit code %d, want %s", got, code)
	}
	return within(ts, s, []string{"1s"})
}

// arrive is "arrive PATTERN PROGRAM [ARG...]".
func arrive(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "arrive PATTERN PROGRAM [ARG...]"); err != nil {
		return err
	}
	pattern, err := regexp.Compile(args[0])
	if err != nil {
		return err
	}
	if s.later == nil {
		return errors.New(`no brokers to come: "fake N later"`)
	}
	got, err := s.once(ts, args[1:], cue{pattern, func(*os.Process) error { return s.later() }})
	if err == nil && got != 0 {
		err = fmt.Errorf("exit code %d", got)
	}
	return err
}

// cue is what is done once either stream of a program matches a pattern.
type cue struct {
	pattern *regexp.Regexp
	do      func(*os.Process) error
}

// once runs a program through steps and returns its exit code; the streams are those of the
// script's last program then.
func (s *stage) once(ts *testscript.TestScript, program []string, steps ...cue) (code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program[0], program[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range s.variables {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var stdout, stderr transcript
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	clitest.Detach(cmd)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // its exit code is in its state
	}()
	for _, step := range steps {
		for !step.pattern.MatchString(stdout.String()) && !step.pattern.MatchString(stderr.String()) {
			select {
			case <-ended:
				return 0, fmt.Errorf("ended before it wrote %q:\n%s%s", step.pattern, &stdout, &stderr)
			case <-time.After(5 * time.Millisecond):
			}
		}
		if err := step.do(cmd.Process); err != nil {
			return 0, err
		}
	}
	<-ended
	_, _ = io.WriteString(ts.Stdout(), stdout.String())
	_, _ = io.WriteString(ts.Stderr(), stderr.String())
	return cmd.ProcessState.ExitCode(), nil
}
