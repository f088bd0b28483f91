package readiness

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
)

// heardWriter keeps what several goroutines write.
type heardWriter struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *heardWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *heardWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// copied is what an app shows of a wait, of 30 s of copying, and of another wait. It returns what was written before the
// copies, meanwhile and after.
func copied(t *testing.T, app *cli.App) (before, during, after string) {
	t.Helper()
	var written heardWriter
	app.Err, app.LookupEnv = &written, func(string) (string, bool) { return "", false }
	synctest.Test(t, func(*testing.T) {
		line := app.NewWaitLine(time.Now())
		line.Show("a topic")
		time.Sleep(15 * time.Second)
		before = written.String()
		m := &moveProgress{app: app, line: line}
		start := m.during(func() (start func()) { return func() {} })()
		for i := range int64(30) {
			m.update(admin.MoveProgress{Partitions: 4, Bytes: 30 << 20, Copied: i << 20, Rate: 1 << 20, Left: time.Second, Elapsed: time.Duration(i) * time.Second})
			time.Sleep(time.Second)
		}
		start()
		during = written.String()[len(before):]
		line.Show("a leader")
		time.Sleep(15 * time.Second)
		line.Finish()
		after = written.String()[len(before)+len(during):]
	})
	return before, during, after
}

// A terminal shows the wait or the bar, never both, and nothing is left of either.
func TestMoveProgressOnATerminal(t *testing.T) {
	t.Parallel()
	before, during, after := copied(t, &cli.App{Streams: cli.Streams{ErrTTY: true}})
	const erased = "\r\x1b[J"
	if !strings.Contains(before, "waiting: a topic") || !strings.HasPrefix(during, erased) || strings.Contains(during, "waiting: ") || !strings.Contains(during, "%") {
		t.Errorf("before %q\nduring %q", before, during)
	}
	if strings.Contains(during, "\n") || !strings.HasSuffix(during, "\x1b[2K\r") {
		t.Errorf("the bar is left: %q", during[max(0, len(during)-200):])
	}
	if !strings.Contains(after, "waiting: a leader") || !strings.HasSuffix(after, erased) {
		t.Errorf("after %q", after)
	}
}

// For a machine each line is one object, of the wait as of the copies.
func TestMoveProgressAsObjects(t *testing.T) {
	t.Parallel()
	before, during, after := copied(t, &cli.App{Format: cli.FormatJSON})
	for name, written := range map[string]string{"evidence": before + after, "bytesCopied": during} {
		lines := strings.Split(strings.TrimSuffix(written, "\n"), "\n")
		if len(lines) < 2 {
			t.Errorf("%s: %q", name, written)
		}
		for _, text := range lines {
			var doc map[string]any
			if err := json.Unmarshal([]byte(text), &doc); err != nil || doc[name] == nil {
				t.Errorf("%s: %v in %q", name, err, text)
			}
		}
	}
}

// Elsewhere a line every 10 s says how far it is.
func TestMoveProgressAsLines(t *testing.T) {
	t.Parallel()
	_, during, _ := copied(t, &cli.App{})
	lines := strings.Split(strings.TrimSuffix(during, "\n"), "\n")
	if len(lines) < 2 || !strings.Contains(lines[0], "of 30.0 MiB copied (") || !strings.Contains(lines[0], "0 of 4 partitions in sync") {
		t.Errorf("%q", during)
	}
}
