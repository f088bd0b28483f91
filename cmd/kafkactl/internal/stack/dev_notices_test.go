package stack

import (
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/embedded"
)

// What scripts do not provoke: causes that a test cannot make, and the end of the notes.
func TestDevNoticeTexts(t *testing.T) {
	t.Parallel()
	const (
		makeIt = "\nhint: no topic is made by itself: declare it in my.yaml, or kafkactl create a -b 127.0.0.1:1"
		room   = "\nhint: make room there, or start with a --data-dir on another disk"
	)
	for _, test := range []struct {
		name    string
		notices []embedded.Notice
		want    []string
	}{
		{
			"topics",
			[]embedded.Notice{embedded.AskedTopic{Topic: "a", Client: "\x1b[2J"}, embedded.AskedTopic{Topic: "b", Last: true}},
			[]string{
				`note: client "\x1b[2J" asked for the topic a, which does not exist (near: near-a)` + makeIt,
				"note: a client asked for the topic b, which does not exist (near: near-b); no further ones are noted",
			},
		},
		{
			"an illegal name with line ends",
			[]embedded.Notice{embedded.AskedTopic{Topic: "a\nb"}},
			[]string{"note: a client asked for the topic \"a\\nb\", which does not exist\nhint: topic \"a\\nb\": illegal name: only the letters a to z and A to Z, digits, '.', '_' and '-' are allowed"},
		},
		{
			"disk",
			[]embedded.Notice{
				embedded.WriteFailure{Path: "d/x", Err: syscall.EDQUOT},
				embedded.WriteFailure{Path: "d/x", Err: syscall.EIO},
				embedded.WriteFailure{Path: "d/x", Err: syscall.ENOSPC, Closing: true},
				embedded.WriteFailure{Err: syscall.EMFILE},
			},
			[]string{
				"warning: data directory d: d/x: disk quota exceeded; records and offsets are refused until that is mended" + room,
				"warning: data directory d: d/x: input/output error; records and offsets are refused until that is mended",
				"warning: data directory d: no space left on device; the next start may miss what was kept last" + room,
				"warning: data directory d: too many open files; records and offsets are refused until that is mended",
			},
		},
		{
			"memory",
			[]embedded.Notice{embedded.MemoryUse{Bytes: 260 << 20}},
			[]string{"note: records are kept in memory, and this process holds 260.0 MiB now; --data-dir keeps them on disk"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := devNotices{file: "my.yaml", dataDir: "d", near: func(_ []string, topic string) []string {
				if len(topic) > 1 {
					return nil
				}
				return []string{"near-" + topic}
			}}
			var got []string
			for _, notice := range test.notices {
				got = append(got, d.text([]string{"127.0.0.1:1"}, notice))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
