package accessadmin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// canary is a password that must not be in any output.
const canary = "Xq7wVz9kJp3mRt5b"

// Passwords come from where the file says; what cannot be had is named, and no part of a secret is.
func TestPasswordSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"plain": canary, "newline": canary + "\n", "windows": canary + "\r\n", "two": canary + "\n\n", "blank": " " + canary + " ", "empty": "", "newline-only": "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secrets := Secrets{LookupEnv: func(name string) (string, bool) {
		value, set := map[string]string{"SET": canary, "EMPTY": ""}[name]
		return value, set
	}}
	file := func(name string) topicspec.PasswordSource {
		return topicspec.PasswordSource{File: filepath.Join(dir, name)}
	}
	made := func(name string) topicspec.PasswordSource {
		return topicspec.PasswordSource{Generate: filepath.Join(dir, name)}
	}
	for _, test := range []struct {
		source topicspec.PasswordSource
		want   string
		err    string // less the directory
	}{
		{topicspec.PasswordSource{Env: "SET"}, canary, ""},
		{topicspec.PasswordSource{Env: "EMPTY"}, "", "$EMPTY is empty"},
		{topicspec.PasswordSource{Env: "UNSET"}, "", "$UNSET is not set"},
		{file("plain"), canary, ""},
		{file("newline"), canary, ""},
		{file("windows"), canary, ""},
		{file("two"), canary + "\n", ""},
		{file("blank"), " " + canary + " ", ""},
		{file("empty"), "", "empty is empty"},
		{file("newline-only"), "", "newline-only is empty"},
		{file("absent"), "", "cannot read absent: no such file or directory"},
		{made("newline"), canary, ""},
		{made("absent"), "", ""},
		{made("empty"), "", "empty is empty"},
	} {
		got, err := secrets.Password("app", test.source)
		if !got.Equal(properties.NewSecret(test.want)) {
			t.Errorf("%+v is another password", test.source)
		}
		if test.err == "" {
			if err != nil {
				t.Errorf("%+v: %v", test.source, err)
			}
			continue
		}
		text := strings.ReplaceAll(fmt.Sprint(err), dir+"/", "")
		if !errors.As(err, new(*PasswordError)) || text != "password of user app: "+test.err {
			t.Errorf("%+v: %s", test.source, text)
		}
	}
}

// All passwords that are missing are named at once, and before any broker is asked.
func TestMissingPasswords(t *testing.T) {
	t.Parallel()
	one, two := producing("a"), producing("b")
	one.Scram.Password, two.Scram.Password = topicspec.PasswordSource{Env: "A"}, topicspec.PasswordSource{File: "/nowhere/b"}
	f := startFake(t, desired(one, two))
	asked := f.Fault(kfake.Fault{Count: -1, Observe: true})
	_, _, err := f.Plan(f.ctx, topicspec.Consent{})
	const want = "password of user a: $A is not set\npassword of user b: cannot read /nowhere/b: no such file or directory"
	if !errors.As(err, new(*PasswordError)) || err.Error() != want || asked.Hits() > 0 {
		t.Errorf("%v after %d requests", err, asked.Hits())
	}
}

// A password is made once: it is private, whole, and never rewritten, however many make it at once.
func TestMadePassword(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deeper", "secrets", "app")
	source := topicspec.PasswordSource{Generate: path}
	made := make([]properties.Secret, 8)
	var making sync.WaitGroup
	for i := range made {
		making.Go(func() {
			var err error
			if made[i], err = (Secrets{}).make("app", source); err != nil {
				t.Error(err)
			}
		})
	}
	making.Wait()
	checkGenerated(t, path)
	for _, password := range made {
		if !password.Equal(made[0]) || !password.IsSet() {
			t.Error("not all have the same password")
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if err := CreatePrivate(path, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file that is there: %v", err)
	}
	if another := generate(); another.Equal(made[0]) {
		t.Error("two passwords are the same")
	}
	refusing := Secrets{CreateFile: func(string, []byte) error { return fs.ErrPermission }}
	_, err := refusing.make("app", topicspec.PasswordSource{Generate: "/nowhere/app"})
	if text := fmt.Sprint(err); !errors.As(err, new(*PasswordError)) || text != "password of user app: cannot write /nowhere/app: permission denied" {
		t.Error(text)
	}
}

// A file that cannot have a name at one moment is made all the same, exclusively.
func TestCreateExclusive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app")
	if err := createExclusive(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := createExclusive(path, []byte("y")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("again: %v", err)
	}
}

// Nothing that a keeper holds or says has a password in it.
func TestPasswordIsHidden(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t")))
	f.secrets = Secrets{LookupEnv: func(string) (string, bool) { return canary, true }}
	changes, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	if err != nil {
		t.Fatal(err)
	}
	passwords, err := f.passwords()
	if err != nil {
		t.Fatal(err)
	}
	l := login{"a", properties.ScramSHA512, passwords["a"].password}
	made, err := upsertion(l, leastIterations)
	if err != nil {
		t.Fatal(err)
	}
	document, err := json.Marshal(map[string]any{"changes": changes, "compared": compared})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v %#v %v %+v %#v %+v %s %q", passwords, passwords, l, l, l, made, made.SaltedPassword, document)
	for i := range len(canary) - 3 {
		if strings.Contains(text, canary[i:i+4]) {
			t.Fatalf("%q is in it", canary[i:i+4])
		}
	}
}
