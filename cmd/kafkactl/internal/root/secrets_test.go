package root

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// sowing is one run of a command with a secret.
type sowing struct {
	command secretCommand
	plant   plant
	user    int

	listener string
	lines    string // of the file, without bootstrap.servers
	bootstrap,
	config string // in place of the file
	args []string
	env  map[string]string

	// patient has the run end by what the listener says, however long this machine takes.
	patient bool
}

// ending is how a run goes, or goes wrong.
type ending struct {
	name  string
	alter func(t *testing.T, f *secretField, s *sowing)
	// check judges the exit code; nil takes any.
	check func(s *sowing, code cli.ExitCode) bool
}

// heard is toward a listener whose answer decides how the run ends.
func heard(listener string) func(*testing.T, *secretField, *sowing) {
	return func(_ *testing.T, _ *secretField, s *sowing) {
		s.listener = listener
		if s.patient = s.plant.listener == taking; s.patient {
			s.lines += "socket.connection.setup.timeout.ms=60000\nrequest.timeout.ms=60000\n"
		}
	}
}

func toward(listener string) func(*testing.T, *secretField, *sowing) {
	return func(_ *testing.T, _ *secretField, s *sowing) { s.listener = listener }
}

// broken has the file go wrong by replacing the text of the secret: a login that a broker refuses, where it comes to one.
func broken(change func(secret string) string) func(*testing.T, *secretField, *sowing) {
	return func(t *testing.T, f *secretField, s *sowing) {
		t.Helper()
		secret := f.all[s.user].text
		for _, form := range []string{propertiesText(jaasText(secret)), propertiesText(secret)} {
			s.lines = strings.ReplaceAll(s.lines, form, change(form))
		}
		s.listener = refusing
	}
}

func half(text string) (first, second string) {
	at := len(text) / 2
	for !utf8.RuneStart(text[at]) {
		at++
	}
	return text[:at], text[at:]
}

// endings are the ways that a run may go.
func endings() []ending {
	return []ending{
		{"works", func(_ *testing.T, _ *secretField, s *sowing) { s.listener = s.plant.listener }, func(s *sowing, code cli.ExitCode) bool {
			return s.listener == "" || strings.HasPrefix(s.plant.name, "delegation") || code != cli.ExitUsage && code != cli.ExitRefused
		}},
		{"refused", heard(refusing), func(s *sowing, code cli.ExitCode) bool {
			return s.plant.listener != taking || code == cli.ExitRefused || code == 1 && slices.Contains(s.command.args, "--probe")
		}},
		{"other listener", toward(mutual), nil},
		{"closing listener", toward(closing), nil},
		{"unreachable", toward(dead), nil},
		{"timeout", toward(silent), nil},
		{"json", func(_ *testing.T, _ *secretField, s *sowing) {
			s.listener = refusing
			if s.command.takesJSON() {
				s.args = append(s.args, "-o", "json")
			}
		}, nil},
		{"untrusted", func(_ *testing.T, f *secretField, s *sowing) { s.lines = strings.ReplaceAll(s.lines, f.trust(), "") }, nil},
		{"help", func(_ *testing.T, _ *secretField, s *sowing) { s.args = append(s.args, "--help") }, func(_ *sowing, code cli.ExitCode) bool { return code == 0 }},
		{"completion", func(_ *testing.T, _ *secretField, s *sowing) {
			s.listener = s.plant.listener
			s.command = secretCommand{slices.Concat([]string{"__complete"}, s.command.path), nil}
			s.args = append(s.args, "")
		}, nil},
		{"user in bootstrap.servers", func(_ *testing.T, f *secretField, s *sowing) {
			s.bootstrap = "SASL_SSL://app:" + propertiesText(f.all[s.user].text) + "@kafka.example.com:9092"
		}, nil},
		{"user in --brokers", func(_ *testing.T, f *secretField, s *sowing) {
			s.args = append(s.args, "-b", "app:"+f.all[s.user].text+"@kafka.example.com:9092,localhost:9092")
		}, func(_ *sowing, code cli.ExitCode) bool { return code == cli.ExitUsage }},
		{"user in the variable", func(_ *testing.T, f *secretField, s *sowing) {
			s.env["KAFKACTL_BROKERS"] = "kafka-1:9092,SASL_SSL://app:" + f.all[s.user].text + "@kafka.example.com:9092,"
		}, nil},
		{"neighbour", func(_ *testing.T, _ *secretField, s *sowing) {
			s.lines = "acks=most\nsasl.oauthbearer.scop=x\n" + s.lines + "ssl.protocol=TLSv9\nssl.truststore.type=X\nisolation.level=z\n"
		}, nil},
		{"cut", broken(func(s string) string { first, _ := half(s); return first + "\\" }), nil},
		{"two lines", broken(func(s string) string { first, second := half(s); return first + "\n" + second }), nil},
		{"unicode escape", broken(func(s string) string { return s + `\u00zz` }), nil},
		{"open quote", broken(func(s string) string { return `"'` + s }), nil},
		{"end within", broken(func(s string) string { return s + ";" + s }), nil},
		{"option within", broken(func(s string) string { return "x " + s + "=" + s }), nil},
		{"variable of a provider", broken(func(s string) string { return "${file:" + s + ":" + s + "}${env:" + s + "}" }), nil},
		{"not a PEM", broken(func(s string) string { return "-----BEGIN PRIVATE KEY-----" + s }), nil},
		{"name of a key", func(_ *testing.T, _ *secretField, s *sowing) {
			s.lines = strings.NewReplacer("password", "pasword", "sasl.jaas.config", "sasl.jaas.confg", "secret", "secrt", "ssl.keystore.key", "ssl.keystor.key").Replace(s.lines)
		}, nil},
		{"another's prefix", func(_ *testing.T, _ *secretField, s *sowing) {
			s.lines = strings.NewReplacer("\nsasl.", "\nlistener.name.client.sasl.", "\nssl.", "\nproducer.ssl.").Replace(s.lines)
		}, nil},
		{"no separator", func(_ *testing.T, f *secretField, s *sowing) {
			s.listener = s.plant.listener
			s.lines += f.all[s.user].text + "\n" + f.all[s.user].text + "=x\npassword:" + propertiesText(f.all[s.user].text) + "\n"
		}, nil},
		{"file is a directory", func(_ *testing.T, f *secretField, s *sowing) { s.config = f.dir }, nil},
		{"stores not there", func(_ *testing.T, f *secretField, s *sowing) {
			s.lines = strings.ReplaceAll(s.lines, f.at("certs")+"/", f.dir+"/none/")
		}, nil},
		{"secret in place of a file", func(_ *testing.T, f *secretField, s *sowing) {
			s.args = append(s.args, "--sasl-password-file", f.all[s.user].text)
		}, nil},
	}
}

// sow runs a command with a secret, and fails the test when the secret is in what it prints.
func (f *secretField) sow(t *testing.T, c secretCommand, p plant, n int, e ending) {
	t.Helper()
	if p.only {
		n = 0
	}
	s := sowing{command: c, plant: p, user: n, listener: taking, env: make(map[string]string)}
	if p.lines != nil {
		s.lines = p.lines(t, f, n)
	}
	if p.args != nil {
		s.args = p.args(f, n)
	}
	if p.env != nil {
		s.env = p.env(f, n)
	}
	e.alter(t, f, &s)
	bootstrap := s.bootstrap
	if bootstrap == "" {
		bootstrap = f.addresses[s.listener]
		if bootstrap == "" {
			bootstrap = f.addresses[taking]
		}
	}
	more := s.args
	switch {
	case s.lines == "" && s.config == "":
		more = append([]string{"-b", bootstrap}, more...)
	case s.config == "":
		file := f.write(t, fmt.Sprintf("%s %s %s.properties", strings.Join(c.path, " "), p.name, e.name),
			"bootstrap.servers="+bootstrap+"\n"+s.lines)
		defer os.Remove(file) //nolint:errcheck // the directory goes in the end
		s.config = file
		fallthrough
	default:
		more = append([]string{"--command-config", s.config}, more...)
	}
	timeout := "2s"
	switch {
	case s.patient:
		timeout = "60s"
	case s.listener == "" || slices.Contains([]string{silent, dead, closing, mutual}, s.listener):
		timeout = "60ms"
	}
	if s.command.takesTimeout() || s.command.path[0] == "__complete" {
		more = append([]string{"--timeout", timeout}, more...)
	}
	r := f.run(t, s.env, s.command.line(more...)...)
	what := fmt.Sprintf("%s, %s, user %d, %s", strings.Join(s.command.line(more...), " "), p.name, n, e.name)
	f.wantHidden(t, what, r)
	if e.check != nil && !e.check(&s, cli.ExitCode(r.Code)) {
		t.Errorf("%s: ends otherwise: %v", what, r)
	}
}

// Whatever is done with a secret, by whichever command, and however it ends: no part of it is printed, and no file
// is changed. Every way to give a secret and every command goes every way to end; -short is one round of each.
func TestSecretsOfEveryCommand(t *testing.T) {
	t.Parallel()
	f := newSecretField(t)
	commands, all, ends := secretCommands(t, f), append(plants(), keyPlants()...), endings()
	before := f.files(t)
	t.Run("runs", func(t *testing.T) {
		for i, e := range ends {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				for j := range max(len(all), len(commands)) {
					if testing.Short() && j%len(ends) != i {
						continue
					}
					f.sow(t, commands[(2*i+j)%len(commands)], all[j%len(all)], (i+j)%len(f.all), e)
				}
			})
		}
	})
	if diff := cmp.Diff(before, f.files(t)); diff != "" {
		t.Errorf("files changed (-before +after):\n%s", diff)
	}
}

// files are all files of the field, but those that the plants write.
func (f *secretField) files(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	err := filepath.WalkDir(f.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), "secret") || strings.HasPrefix(entry.Name(), "token") {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
