package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// The files belong to the user that was asked for, also those of an earlier run; the CA's key does
// not. Only root sees the difference: anyone else gives the files to themselves.
func TestCertsOwner(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Linux)
	o, r := newCerts(t)
	if _, err := o.make(t.Context(), r); err != nil { // an earlier run, without --owner
		t.Fatal(err)
	}
	self, other := os.Geteuid(), os.Geteuid()
	if self == 0 {
		other = 4711
	}
	for _, owner := range []string{strconv.Itoa(other), fmt.Sprintf("%d:%d", other, os.Getegid())} {
		o.owner = owner
		files, err := o.make(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.giveAway(files); err != nil {
			t.Fatal(err)
		}
		want, got := map[string]uint32{"ca.key": uint32(self)}, map[string]uint32{}
		for _, file := range files {
			if file.Name != "ca.key" {
				want[file.Name] = uint32(other)
			}
			info, err := os.Stat(filepath.Join(o.dir, file.Name))
			if err != nil {
				t.Fatal(err)
			}
			got[file.Name] = info.Sys().(*syscall.Stat_t).Uid
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("--owner %s (-want +got):\n%s", o.owner, diff)
		}
	}
}
