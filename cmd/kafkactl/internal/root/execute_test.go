package root

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
)

// stalledWriter is a full pipe: it takes nothing until it is closed.
type stalledWriter chan struct{}

func (w stalledWriter) Write([]byte) (int, error) {
	<-w
	return 0, io.ErrClosedPipe
}

// A command whose answer nobody reads ends soon after the signal, also where its error goes to the
// same pipe: it once took a second signal.
func TestExecuteStalledPipe(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"schema", "completion bash", "version", "help"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				out := make(stalledWriter)
				defer close(out)
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				time.AfterFunc(time.Minute, cancel)
				a := &cli.App{Streams: cli.Streams{
					In: strings.NewReader(""), Out: out, Err: out,
					LookupEnv: func(string) (string, bool) { return "", false },
				}}
				if code := execute(ctx, a, strings.Fields(line)); code != cli.ExitInterrupted {
					t.Errorf("exit code %d", code)
				}
				took := time.Since(start) - time.Minute
				if took < term.PipeLinger || took >= time.Second {
					t.Errorf("ended %s after the signal", took)
				}
			})
		})
	}
}
