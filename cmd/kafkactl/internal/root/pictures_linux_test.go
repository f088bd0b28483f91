package root

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// The pictures of the guide are sessions that were typed by nobody: each is run on a terminal,
// against an embedded Kafka of its own, and drawn. Without -update the pictures must be what the
// program prints now. `make picture` writes them.
//
// A session is a file in testdata/pictures. Its lines:
//
//	= TITLE          of the window
//	# TEXT           a comment, shown
//	+ TOPIC LINE     into the topics file, below that topic; not shown
//	> COMMAND        run and not shown
//	$ COMMAND        run and shown, with what it prints
func picturesDir() string { return clitest.InRepo("docs", "picture") }

const pictureColumns = 100

func TestPictures(t *testing.T) {
	t.Parallel()
	sessions, err := filepath.Glob("testdata/pictures/*.txt")
	if err != nil || len(sessions) == 0 {
		t.Fatal("no sessions: ", err)
	}
	for _, file := range sessions {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			title, text := newDesk(t).play(t, string(script))
			svg, err := pictureOf(title, text, pictureColumns)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(picturesDir(), name+".svg")
			if *clitest.Update {
				if err := os.WriteFile(path, []byte(svg), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			drawn, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: make picture draws it", err)
			}
			if diff := cmp.Diff(string(drawn), svg); diff != "" {
				t.Errorf("%s is not what is printed now; make picture draws it again (-drawn +now):\n%s", path, diff)
			}
		})
	}
}

// Every picture has a session, and its place in the guide or at the top of the README.
func TestPicturesAreShown(t *testing.T) {
	t.Parallel()
	drawn, err := filepath.Glob(picturesDir() + "/*")
	if err != nil || len(drawn) == 0 {
		t.Fatal("no pictures: ", err)
	}
	page, err := os.ReadFile(clitest.InRepo("docs", "guide", "screenshots.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range drawn {
		name := strings.TrimSuffix(filepath.Base(path), ".svg")
		if _, err := os.Stat("testdata/pictures/" + name + ".txt"); err != nil {
			t.Errorf("%s has no session: %v", path, err)
		}
		if name != "session" && !strings.Contains(string(page), "(../picture/"+name+".svg)") {
			t.Errorf("docs/guide/screenshots.md does not show %s", path)
		}
	}
}

// desk is where a session is typed: a directory, a terminal, and an embedded Kafka.
type desk struct {
	dir, kafka, refused string
	env                 []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir()}
	files := map[string]string{"topics.yaml": clitest.InRepo("topics.yaml"), "compose.yaml": "testdata/pictures/compose.yaml"}
	for name, source := range files {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		d.write(t, name, string(text), 0o600)
	}
	d.write(t, "orders.json", pictureRecords(), 0o600)
	program, err := exec.LookPath("kafkactl")
	if err != nil {
		t.Fatal(err)
	}
	d.write(t, "bin/kafkactl", fmt.Sprintf("#!/bin/sh\nexec %s --color always \"$@\"\n", program), 0o700)
	// A terminal that cannot be drawn over: what is seen while waiting does not end up in a picture.
	d.env = append(os.Environ(), "PATH="+d.dir+"/bin:"+os.Getenv("PATH"), "TERM=dumb", "NO_COLOR=", "KAFKACTL_PLACE=host", "GORACE=atexit_sleep_ms=10")
	d.kafka = d.startKafka(t)
	refused, release, err := clitest.RefusingAddr()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	d.refused = refused
	d.env = append(d.env, "KAFKACTL_BROKERS="+d.kafka, "REFUSED="+d.refused)
	return d
}

func (d *desk) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(d.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), mode)); err != nil {
		t.Fatal(err)
	}
}

// edit puts a line below a topic in the topics file.
func (d *desk) edit(t *testing.T, change string) {
	t.Helper()
	topic, line, _ := strings.Cut(change, " ")
	text, err := os.ReadFile(filepath.Join(d.dir, "topics.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	head := "\n  " + topic + ":\n"
	if !strings.Contains(string(text), head) {
		t.Fatalf("no topic %s in the topics file", topic)
	}
	d.write(t, "topics.yaml", strings.Replace(string(text), head, head+"    "+line+"\n", 1), 0o600)
}

// startKafka runs kafkactl dev, and returns the address it gives.
func (d *desk) startKafka(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "kafkactl", "dev", "--port", "0", "--no-apply")
	cmd.Dir, cmd.Env = d.dir, d.env
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // t's context ends before
	line, err := bufio.NewReader(out).ReadString('\n')
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	if address == "" {
		t.Fatalf("kafkactl dev says %q, %v", line, err)
	}
	return address
}

// play runs a session, and returns its title and what is seen of it.
func (d *desk) play(t *testing.T, script string) (title, seen string) {
	t.Helper()
	var text strings.Builder
	commented := true
	for line := range strings.Lines(script) {
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if shown := kind == "$" || kind == "#"; shown && !commented {
			text.WriteString("\n")
		}
		commented = kind == "#" || commented && kind != "$"
		switch kind {
		case "=":
			title = rest
		case ">":
			if out, err := d.run(t, rest); err != nil {
				t.Fatalf("%s: %v\n%s", rest, err, out)
			}
		case "+":
			d.edit(t, rest)
		case "#":
			fmt.Fprintf(&text, "\x1b[2m# %s\x1b[0m\n", rest)
		case "$":
			fmt.Fprintf(&text, "\x1b[34m$\x1b[0m \x1b[1m%s\x1b[0m\n", os.Expand(rest, func(string) string { return d.refused }))
			out, _ := d.run(t, rest) // one that fails is worth a picture, too
			text.WriteString(out)
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	return title, d.steady(text.String())
}

// run runs a command on a terminal.
func (d *desk) run(t *testing.T, command string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = d.dir, d.env
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: pictureColumns, Rows: 60})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close() //nolint:errcheck // the program has ended, nothing is kept there
	out, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // which is its end
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n"), cmd.Wait()
}

// steady is text with what differs from run to run made the same, in the same places: ports,
// times, and sizes, which depend on how records came to be sent together.
func (d *desk) steady(text string) string {
	text = strings.NewReplacer(d.kafka, "127.0.0.1:29092", d.refused, "127.0.0.1:29093").Replace(text)
	for _, r := range [][2]string{
		{`\(\d+\.\d\ds\)`, "(0.02s)"},
		{`\b\d\d\d\.\d KiB`, "265.5 KiB"},                        // of a partition
		{`265\.5( KiB on 3 replicas, )265\.5`, "796.5${1}796.5"}, // of three
	} {
		text = regexp.MustCompile(r[0]).ReplaceAllString(text, r[1])
	}
	return regexp.MustCompile(` *\d+ms  `).ReplaceAllStringFunc(text, func(took string) string {
		return fmt.Sprintf("%*s", len(took), "1ms  ")
	})
}

// pictureRecords are records as consume prints and produce takes them, of a quarter of an hour.
func pictureRecords() string {
	var text strings.Builder
	for i := range 12480 {
		fmt.Fprintf(&text, `{"key":"order-%d","value":"{\"orderId\":\"order-%[1]d\"}","timestamp":"2026-11-22T10:%02d:%02d.000Z"}`+"\n", i, i/832, i%832*60/832)
	}
	return text.String()
}
