package root

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// The console blocks of README and of the guide are run, each page from its top to its
// end, with one embedded Kafka and in a directory of its own. What a command prints is
// what the page shows; see [sameOutput] for what may differ.
func TestDocumentedExamples(t *testing.T) {
	t.Parallel()
	for _, d := range written(t) {
		if d.path == productionPage || d.path == accessPage || d.path != "README.md" && !strings.HasPrefix(d.path, "docs/guide/") {
			continue
		}
		t.Run(strings.TrimSuffix(d.path, ".md"), func(t *testing.T) {
			t.Parallel()
			examples := d.examples()
			if len(examples) == 0 {
				return
			}
			shell := newExampleShell(t, d)
			for _, e := range examples {
				got := shell.run(e.command)
				if !sameOutput(e.output, got) {
					t.Errorf("%s:%d: $ %s\nprints something else (-page +program):\n%s",
						d.path, e.line, e.command, cmp.Diff(e.output, got))
				}
			}
		})
	}
}

// example is one command of a console block, and the lines that it prints.
type example struct {
	line    int // from 1
	command string
	output  []string
}

// examples returns the commands of the console blocks in their order. The lines of a
// here-document belong to the command.
func (d document) examples() []example {
	var all []example
	here := regexp.MustCompile(`<<'(\w+)'`)
	for _, b := range d.blocks {
		if b.language != "console" {
			continue
		}
		until := ""
		for i, line := range b.lines {
			if command, prompted := strings.CutPrefix(line, "$ "); prompted && until == "" {
				all = append(all, example{line: b.line + i, command: command})
				if match := here.FindStringSubmatch(command); match != nil {
					until = match[1]
				}
				continue
			}
			last := &all[len(all)-1]
			if until == "" {
				last.output = append(last.output, line)
				continue
			}
			last.command += "\n" + line
			if line == until {
				until = ""
			}
		}
	}
	return all
}

// exampleShell runs the commands of one page.
type exampleShell struct {
	t       *testing.T
	dir     string
	brokers string // addresses of the Kafka
	config  string // client.properties that the commands take, "" for none
}

// newExampleShell starts a page's Kafka. It has the topics of topics.yaml unless the
// page starts its own with "dev --no-apply"; the blocks that have a file's name are
// files beside it.
func newExampleShell(t *testing.T, d document) exampleShell {
	t.Helper()
	_, addrs := kafkatest.Fake(t, kfake.BrokerConfigs(map[string]string{ // as kafkactl dev has them, for rung K8
		"offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1",
	}))
	shell := exampleShell{t: t, dir: t.TempDir(), brokers: strings.Join(addrs, ",")}
	for _, name := range []string{"topics.yaml", "topics.schema.json"} {
		text, err := os.ReadFile(filepath.Join(clitest.InRepo(), name))
		if err != nil {
			t.Fatal(err)
		}
		shell.write(name, string(text))
	}
	shell.writeFiles(d)
	if !strings.Contains(d.text, "kafkactl dev --no-apply") {
		shell.run("kafkactl apply")
	}
	return shell
}

// writeFiles writes the blocks of a page that have a file's name.
func (s exampleShell) writeFiles(d document) {
	for _, b := range d.blocks {
		if b.name != "" {
			s.write(b.name, strings.Join(b.lines, "\n")+"\n")
		}
	}
}

func (s exampleShell) write(name, text string) {
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// run returns the lines that a command prints on both streams, with the address that
// the documents use in place of the Kafka's.
func (s exampleShell) run(command string) []string {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	const shown, lonely = "localhost:1", "127.0.0.2:1"
	if runtime.GOOS == "linux" { // where all of 127.0.0.0/8 is there; a Kafka of this machine is not on its second address
		command = strings.ReplaceAll(command, "-b "+shown+" ", "-b "+lonely+" ")
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.Dir = s.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "KAFKACTL_BROKERS=" + s.brokers,
		"KAFKACTL_PLACE=host", "GORACE=atexit_sleep_ms=10", "KAFKACTL_CONFIG=" + s.config,
	}
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		s.t.Fatalf("$ %s\ndoes not end: %v", command, err)
	}
	shownAs := []string{lonely, shown}
	for i, addr := range strings.Split(s.brokers, ",") {
		shownAs = append(shownAs, addr, fmt.Sprintf("localhost:%d", 29092+1000*i))
	}
	text := strings.NewReplacer(shownAs...).Replace(string(output))
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// sameOutput reports whether the lines that a page shows are those that a program
// printed. A line that is "…" stands for any lines, "…" in a line for any text. How
// wide columns are, how long something took and what the clock says may differ, and a slow
// machine says what it has waited for.
func sameOutput(page, printed []string) bool {
	if len(printed) > 0 && isWaiting(printed[0]) && (len(page) == 0 || !isWaiting(page[0])) {
		return sameOutput(page, printed[1:])
	}
	if len(page) == 0 || len(printed) == 0 {
		return len(page) == len(printed) || len(printed) == 0 && page[0] == "…" && sameOutput(page[1:], printed)
	}
	if page[0] == "…" {
		return sameOutput(page[1:], printed) || sameOutput(page, printed[1:])
	}
	pattern := regexp.QuoteMeta(withoutChance(page[0]))
	matches := regexp.MustCompile("^" + strings.ReplaceAll(pattern, "…", ".*") + "$").MatchString(withoutChance(printed[0]))
	return matches && sameOutput(page[1:], printed[1:])
}

// isWaiting reports whether a line is progress of a wait.
func isWaiting(line string) bool {
	return regexp.MustCompile(`^ *\d+\.\ds (waiting|every rung holds; looking once more|ready)\b`).MatchString(line)
}

// withoutChance returns a line without what differs from run to run and from terminal to terminal.
func withoutChance(line string) string {
	clock := regexp.MustCompile(`\b\d\d:\d\d:\d\d\.\d{3}\b`)
	duration := regexp.MustCompile(`\b(\d+m)?\d+(\.\d+)?(µs|ms|s)\b`)
	line = clock.ReplaceAllString(line, "<clock>")
	line = duration.ReplaceAllString(line, "<time>")
	return strings.Join(strings.Fields(line), " ")
}

// The check itself.
func TestSameOutput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		page, printed string
		want          bool
	}{
		{"a  1\nb", "a 1\nb", true},
		{"a\n…\nd", "a\nb\nc\nd", true},
		{"a\n…", "a", true},
		{"…", "a\nb", true},
		{"done (0.01s)", "done (2.50s)", true},
		{"at 10:00:01.123 …", "at 23:59:59.999 all", true},
		{"a\n…\nd", "a\nb\nc", false},
		{"a", "a\nb", false},
		{"a\nb", "a", false},
		{"one … three", "one two four", false},
		{"7d", "8d", false},
		{"a\nb", "a\n   1.0s waiting for K3 enough brokers: …\n   2.9s ready\nb", true},
		{"   0.0s waiting for K1 …\na", "a", false},
	} {
		if got := sameOutput(strings.Split(c.page, "\n"), strings.Split(c.printed, "\n")); got != c.want {
			t.Errorf("%q on the page, %q printed: %t, want %t", c.page, c.printed, got, c.want)
		}
	}
}
