// Package compose_test runs the compose files of this directory on a container engine, as a person would: docker
// compose up, a look from the host and from inside, faults, docker compose down.
package compose_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// output is what a command printed on stdout; an error holds what it printed on stderr.
func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output() //nolint:noctx // bounded by the test's own timeout
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(exit.Stderr))
	}
	return strings.TrimSpace(string(out)), err
}

// docker runs docker and fails the test when it fails.
func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := output("docker", args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// compose runs docker compose on a file of this directory and returns both streams.
func compose(file string, env []string, args ...string) (string, error) {
	out, err := composeCommand(file, env, args...).CombinedOutput()
	return string(out), err
}

func composeCommand(file string, env []string, args ...string) *exec.Cmd {
	cmd := exec.Command("docker", append([]string{"compose", "--progress", "plain", "-f", file}, args...)...) //nolint:noctx // as above
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// stack is one compose file as a project of the test's own, so that nobody's stack is touched.
type stack struct {
	*testing.T
	file    string
	project string
	env     []string
	config  string    // client.properties for kafkactl on the host, where the stack wants a login
	login   []kgo.Opt // the same for clients of the test's own
	browser *http.Client
}

// newStack is a stack that is not up yet. Whatever comes of it is removed with the test.
func newStack(t *testing.T, file string, env ...string) *stack {
	t.Helper()
	kafkatest.Require(t, kafkatest.Stack)
	project := fmt.Sprintf("kafkactl-test-%d", os.Getpid())
	s := &stack{T: t, file: file, project: project, env: append(images(t), env...), browser: http.DefaultClient}
	s.env = append(s.env, "COMPOSE_PROJECT_NAME="+project)
	t.Cleanup(func() {
		if t.Failed() {
			out, _ := s.compose("logs", "--no-color", "--tail", "12")
			t.Logf("the end of each log:\n%s", out)
		}
		s.must("down", "--volumes", "--timeout", "3")
	})
	return s
}

func (s *stack) compose(args ...string) (string, error) { return compose(s.file, s.env, args...) }

// must runs docker compose and fails the test when it fails.
func (s *stack) must(args ...string) string {
	s.Helper()
	out, err := s.compose(args...)
	if err != nil {
		s.Fatalf("docker compose %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// up is what users type, and what CI trusts.
func (s *stack) up() {
	s.Helper()
	s.must("up", "--wait", "--wait-timeout", "180")
}

// container is one line of docker compose ps.
type container struct {
	ID, Service, State, Health string
	ExitCode                   int
}

// containers are the project's, by service.
func (s *stack) containers() map[string]container {
	s.Helper()
	byService := map[string]container{}
	for line := range strings.Lines(s.must("ps", "--all", "--no-trunc", "--format", "json")) {
		var c container
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			s.Fatalf("docker compose ps: %v in %s", err, line)
		}
		byService[c.Service] = c
	}
	return byService
}

// leftovers are the containers, volumes and networks that carry the project's label.
func (s *stack) leftovers() []string {
	s.Helper()
	label := "label=com.docker.compose.project=" + s.project
	var found []string
	for _, list := range [][]string{
		{"ps", "--all", "--quiet", "--filter", label},
		{"volume", "ls", "--quiet", "--filter", label},
		{"network", "ls", "--quiet", "--filter", label},
	} {
		found = append(found, strings.Fields(docker(s.T, list...))...)
	}
	return found
}
