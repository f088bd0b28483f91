package zookeeper

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answering is a connection whose other side has said all that it will.
type answering struct{ io.Reader }

func (answering) Write(p []byte) (int, error) { return len(p), nil }

// The texts are the ones ZooKeeper 3.8 sends.
func TestSrvr(t *testing.T) {
	t.Parallel()
	const standalone = "Zookeeper version: 3.8.4-9316c2a7a97e1666d8f4593f34dd6fc36ecc436c, built on 2024-02-12 22:16 UTC\nMode: standalone\nNode count: 5\n"
	type status struct {
		Mode, Version                      string
		HasNoQuorum, IsRefused, IsCutShort bool
	}
	for _, test := range []struct {
		name, text string
		want       status
	}{
		{"standalone", standalone, status{Mode: "standalone", Version: "3.8.4"}},
		{"a distribution's version", "Zookeeper version: 3.8.0-${mvngit.commit.id}, built on\nMode: follower\n", status{Mode: "follower", Version: "3.8.0"}},
		{"no version", "Mode: observer\n", status{Mode: "observer"}},
		{"cut short", standalone[:90], status{Version: "3.8.4", IsCutShort: true}},
		{"no quorum", "This ZooKeeper instance is not currently serving requests\n", status{HasNoQuorum: true}},
		{"not whitelisted", "srvr is not executed because it is not in the whitelist.\n", status{IsRefused: true}},
		{"nothing", "", status{}},
		{"another server", "-ERR unknown command 'srvr'\r\n", status{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Srvr(answering{strings.NewReader(test.text)})
			if err != nil || s.Text != test.text {
				t.Errorf("text %q, %v", s.Text, err)
			}
			got := status{s.Mode, s.Version, s.HasNoQuorum(), s.IsRefused(), s.IsCutShort()}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A port that goes on for ever is left.
func TestSrvrIsBounded(t *testing.T) {
	t.Parallel()
	endless := bytes.NewReader(make([]byte, 1<<20))
	if s, err := Srvr(answering{endless}); len(s.Text) != 64<<10 || err != nil {
		t.Errorf("read %d bytes, %v", len(s.Text), err)
	}
}

// Whatever answers srvr has no mode that it did not say.
func FuzzStatus(f *testing.F) {
	f.Add("Zookeeper version: 3.8.4-9316c2a, built on 2024-02-12\nLatency min/avg/max: 0/0.0/0\nMode: standalone\n")
	f.Add("Mode:")
	f.Fuzz(func(t *testing.T, text string) {
		s := parseStatus(text)
		if !strings.Contains(text, s.Mode) || !strings.Contains(text, s.Version) || s.Mode != "" && s.IsCutShort() {
			t.Errorf("%+v", s)
		}
	})
}
