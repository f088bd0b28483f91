package compose_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/yaml"
)

// The recipes of deploy/ci are run as their systems would run them, line for line, in a copy of the repository. What a
// user puts in as TESTS is here a look at the topics.

// gitHubJob is what a test needs of a workflow's job.
type gitHubJob struct {
	Steps []struct {
		Name, Uses, If, Run string
		Env                 map[string]string
	}
}

func TestGitHubActions(t *testing.T) {
	var workflow struct{ Jobs map[string]gitHubJob }
	decodeFile(t, "../ci/github-actions.yml", &workflow)
	for _, tt := range []struct {
		name, tests string
		wantErr     string // of a step
		wantTopics  bool
	}{
		{name: "stack", tests: "bin/kafkactl list -o name", wantTopics: true},
		{name: "embedded", tests: "bin/kafkactl list -o name", wantTopics: true},
		{name: "embedded", tests: "false", wantErr: "exit status 1"},
	} {
		t.Run(tt.name+" "+tt.tests, func(t *testing.T) {
			s := newStack(t, "compose.yaml")
			dir := copyRepository(t)
			for _, step := range workflow.Jobs[tt.name].Steps {
				if step.Uses != "" || step.If == "failure()" {
					continue
				}
				env := append(slices.Clone(s.env), "TESTS="+tt.tests)
				for name, value := range step.Env {
					env = append(env, name+"="+value)
				}
				out, err := gitHubShell(dir, env, step.Run)
				if step.Name != "Test" {
					if err != nil {
						t.Fatalf("%s: %v\n%s", step.Name, err, out)
					}
					continue
				}
				if got := errorText(err); got != tt.wantErr {
					t.Fatalf("%s: %q, want %q\n%s", step.Name, got, tt.wantErr, out)
				}
				if tt.wantTopics {
					checkNames(t, out)
				}
			}
			if left := s.leftovers(); len(left) > 0 {
				t.Errorf("the job left %v", left)
			}
		})
	}
}

// gitHubShell runs a step's lines with the shell that runners take when none is named, and returns its stdout.
func gitHubShell(dir string, env []string, lines string) (string, error) {
	script := filepath.Join(dir, "step.sh")
	if err := os.WriteFile(script, []byte(lines), 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command("bash", "-e", script) //nolint:noctx // bounded by the test's own timeout
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.Output()
	return string(out), err
}

func TestGitLabCI(t *testing.T) {
	kafkatest.Require(t, kafkatest.Stack)
	images(t)
	var pipeline map[string]yaml.Node
	decodeFile(t, "../ci/gitlab-ci.yml", &pipeline)
	cache := builtBefore(t)
	for _, name := range []string{"stack", "embedded"} {
		t.Run(name, func(t *testing.T) {
			var job struct {
				Image     string
				Services  []struct{ Name, Alias string }
				Variables map[string]string
				Script    []string
			}
			node := pipeline[name]
			if err := node.Decode(&job); err != nil {
				t.Fatal(err)
			}
			network := strings.ReplaceAll(t.Name(), "/", "-")
			docker(t, "network", "create", network)
			defer docker(t, "network", "rm", network)

			// The variables reach the services too.
			variables := []string{"--env", "TESTS=bin/kafkactl list -o name"}
			for name, value := range job.Variables {
				variables = append(variables, "--env", name+"="+value)
			}
			for _, service := range job.Services {
				args := append([]string{"run", "--detach", "--network", network, "--network-alias", service.Alias}, variables...)
				id := docker(t, append(args, underTest(service.Name))...)
				defer docker(t, "rm", "--force", "--volumes", id)
			}
			args := slices.Concat([]string{"run", "--rm", "--network", network, "--volume", copyRepository(t) + ":/builds/project", "--workdir", "/builds/project"}, cache, variables)
			script := "set -e\n" + strings.Join(job.Script, "\n")
			out, err := output("docker", append(args, underTest(job.Image), "bash", "-c", script)...)
			if err != nil {
				t.Fatal(err)
			}
			checkNames(t, out)
		})
	}
}

// builtBefore are the flags of docker run with which a job finds what this machine has built of the program: it takes
// minutes from nothing. The job's user is this one, who owns what is added to the cache.
func builtBefore(t *testing.T) []string {
	t.Helper()
	cache, err := output("go", "env", "GOCACHE")
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"--user", fmt.Sprintf("%d:%d", os.Getuid(), os.Getgid()), "--tmpfs", "/tmp:exec,mode=1777",
		"--volume", cache + ":/cache", "--env", "GOCACHE=/cache", "--env", "GOPATH=/tmp/go", "--env", "GOFLAGS=-trimpath", // as make build does
	}
}

// underTest is the image in the place of a published one.
func underTest(image string) string {
	if os.Getenv(kafkatest.ImagesVariable) == "real" {
		return image
	}
	name, _, _ := strings.Cut(image, ":")
	return name + ":" + standInTag
}

// checkNames wants the declared topics among the lines.
func checkNames(t *testing.T, out string) {
	t.Helper()
	lines := strings.Split(out, "\n")
	for _, topic := range declared {
		if !slices.Contains(lines, topic) {
			t.Errorf("the tests did not see %s:\n%s", topic, out)
		}
	}
}

// copyRepository is a checkout of what is in the work tree now, as far as a build needs it.
func copyRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"cmd", "internal", "deploy"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join("../..", name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "topics.yaml"} {
		content, err := os.ReadFile(filepath.Join("../..", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func decodeFile(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := yaml.Documents(content)
	if err != nil || len(docs) != 1 {
		t.Fatalf("%s: %d documents, want 1: %v", file, len(docs), err)
	}
	if err := docs[0].Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
