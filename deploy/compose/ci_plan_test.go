package compose_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// The recipes for reviewed plans are run line for line in a copy of the repository, against a cluster in this process.
// What the systems' own actions do with artefacts, the tests do.

// planned is a system of CI for one repository and cluster, with what a recipe does there.
type planned struct {
	*testing.T
	dir   string // of the repository
	store string // has the artefacts of the last plan
	env   []string
	adm   *kadm.Client
	// plan and apply run the jobs; out is what they print.
	plan, apply func() (out string, err error)
}

func newPlanned(t *testing.T) *planned {
	cluster, addrs := kafkatest.Fake(t)
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &planned{
		T: t, dir: copyRepository(t), store: t.TempDir(), adm: kadm.NewClient(client),
		env: []string{"KAFKACTL_BROKERS=" + strings.Join(addrs, ",")},
	}
}

// reviewed holds a recipe to what it promises.
func (p *planned) reviewed() {
	out, err := p.plan()
	if err != nil || len(p.topics()) > 0 {
		p.Fatalf("plan: %v, topics %v\n%s", err, p.topics(), out)
	}
	if shown := p.artefact("plan.md"); !strings.HasPrefix(shown, fmt.Sprintf("## Kafka topics: %d to create\n", len(declared))) {
		p.Errorf("the plan is shown as\n%s", shown)
	}

	// Somebody is faster: the plan is stale, nothing is written, and the job says what to do.
	if _, err := p.adm.CreateTopic(p.Context(), 1, 1, nil, declared[0]); err != nil {
		p.Fatal(err)
	}
	out, err = p.apply()
	if errorText(err) != "exit status 3" || !strings.Contains(out, "Plan again") {
		p.Errorf("apply of a stale plan: %v, want exit status 3 and what to do\n%s", err, out)
	}
	if diff := cmp.Diff(declared[:1], p.topics()); diff != "" {
		p.Errorf("a stale plan made topics (-want +got):\n%s", diff)
	}

	if out, err = p.plan(); err != nil {
		p.Fatalf("plan again: %v\n%s", err, out)
	}
	if out, err = p.apply(); err != nil {
		p.Fatalf("apply: %v\n%s", err, out)
	}
	want := slices.Sorted(slices.Values(declared))
	if diff := cmp.Diff(want, p.topics()); diff != "" {
		p.Errorf("topics (-want +got):\n%s", diff)
	}

	// A blocked change fails the plan, and its reason is there to read.
	if _, err := p.adm.CreatePartitions(p.Context(), 7, declared[0]); err != nil {
		p.Fatal(err)
	}
	out, err = p.plan()
	if shown := p.artefact("plan.md"); errorText(err) != "exit status 1" || !strings.Contains(shown, "Kafka cannot remove partitions") {
		p.Errorf("a blocked plan: %v\n%s\nis shown as\n%s", err, out, shown)
	}
}

// topics lists the topics by name.
func (p *planned) topics() []string {
	p.Helper()
	out, err := gitHubShell(p.dir, p.env, "bin/kafkactl list -o name")
	if err != nil {
		p.Fatal(err)
	}
	return strings.Fields(out)
}

// keep takes the job's files as artefacts, and out of the checkout.
func (p *planned) keep(names []string) {
	p.Helper()
	for _, name := range names {
		if err := os.Rename(filepath.Join(p.dir, name), filepath.Join(p.store, name)); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *planned) artefact(name string) string {
	p.Helper()
	content, err := os.ReadFile(filepath.Join(p.store, name))
	if err != nil {
		p.Fatal(err)
	}
	return string(content)
}

// gh stands in for GitHub's: it knows the pull request of one commit, and the run of its last.
const gh = `#!/bin/sh
set -eu
case "$*" in
"pr comment 12 --repo o/r "*" --body-file plan.md") cp plan.md "$STORE/comment.md" ;;
"api repos/o/r/commits/merged/pulls --jq .[0].head.sha") echo last ;;
"run list --repo o/r --workflow topics --event pull_request --status success --commit last "*) echo 42 ;;
"run download 42 --repo o/r --name plan") cp "$STORE/plan.json" "$STORE/plan.md" . ;;
*) echo "gh $*: not what the recipe needs" >&2; exit 64 ;;
esac
`

func TestGitHubTopics(t *testing.T) {
	kafkatest.Require(t, kafkatest.Stack) // for the shell and the tools of a runner
	t.Parallel()
	type step struct {
		Name, Uses, If, Run string
		Env, With           map[string]string
	}
	var workflow struct {
		Name string
		Env  map[string]string
		Jobs map[string]struct{ Steps []step }
	}
	decodeFile(t, "../ci/github-actions-topics.yml", &workflow)
	if workflow.Name != "topics" || workflow.Env["KAFKACTL_BROKERS"] == "" {
		t.Errorf("the workflow is %q, and its env %v", workflow.Name, workflow.Env)
	}
	p := newPlanned(t)
	tools := t.TempDir()
	if err := os.WriteFile(filepath.Join(tools, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PATH="+tools+":"+os.Getenv("PATH"), "STORE="+p.store, "GITHUB_REPOSITORY=o/r", "GITHUB_SHA=merged",
		"GITHUB_STEP_SUMMARY="+filepath.Join(tools, "summary.md"))
	values := strings.NewReplacer("${{ github.token }}", "token", "${{ github.event.number }}", "12")
	// run runs the steps of a job: after one that fails only those that always run.
	run := func(name string) (out string, failed error) {
		for _, step := range workflow.Jobs[name].Steps {
			if failed != nil && step.If != "always()" {
				continue
			}
			if strings.HasPrefix(step.Uses, "actions/upload-artifact@") {
				if step.With["name"] != "plan" {
					t.Errorf("the artefact is %q", step.With["name"])
				}
				p.keep(strings.Fields(step.With["path"]))
			}
			if step.Uses != "" {
				continue
			}
			env := slices.Clone(p.env)
			for name, value := range step.Env {
				env = append(env, name+"="+values.Replace(value))
			}
			text, err := gitHubShell(p.dir, env, step.Run)
			if out += text; err != nil && failed == nil {
				failed = err
			}
		}
		return out, failed
	}
	p.plan = func() (string, error) { return run("plan") }
	p.apply = func() (string, error) { return run("apply") }
	p.reviewed()
	if diff := cmp.Diff(p.artefact("plan.md"), p.artefact("comment.md")); diff != "" {
		t.Errorf("the comment (-plan.md +comment):\n%s", diff)
	}
}

func TestGitLabTopics(t *testing.T) {
	kafkatest.Require(t, kafkatest.Stack) // as above
	t.Parallel()
	var pipeline map[string]struct {
		Script    []string
		Artifacts struct{ Paths []string }
	}
	decodeFile(t, "../ci/gitlab-ci-topics.yml", &pipeline)
	p := newPlanned(t)
	p.env = append(p.env, "CI_API_V4_URL="+p.serveArtefacts().URL+"/api", "CI_PROJECT_ID=7", "CI_COMMIT_SHA=merged", "PLAN_TOKEN=read")
	run := func(name string) (string, error) {
		return gitHubShell(p.dir, p.env, strings.Join(pipeline[name].Script, "\n"))
	}
	p.plan = func() (string, error) {
		out, err := run("plan")
		p.keep(pipeline["plan"].Artifacts.Paths)
		return out, err
	}
	p.apply = func() (string, error) { return run("apply") }
	p.reviewed()
}

// serveArtefacts serves what was kept as GitLab's API does: of merge request 12, whose commit was merged.
func (p *planned) serveArtefacts() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/projects/7/repository/commits/merged/merge_requests", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"id":900,"iid":12,"project_id":7,"title":"topics"}]`)
	})
	mux.HandleFunc("GET /api/projects/7/jobs/artifacts/{ref}/raw/plan.json", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("ref") != "refs/merge-requests/12/head" || r.URL.Query().Get("job") != "plan" {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, filepath.Join(p.store, "plan.json"))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("PRIVATE-TOKEN") != "read" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	p.Cleanup(server.Close)
	return server
}
