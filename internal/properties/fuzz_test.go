package properties

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Parse neither panics nor hangs, whatever it is given. It returns Problems that an editor can show,
// and then nothing of the client but warnings.
func FuzzParse(f *testing.F) {
	for _, c := range syntaxCases() {
		f.Add([]byte(c.in))
	}
	for _, c := range jaasCases() {
		f.Add([]byte(plainFile + "sasl.jaas.config=" + c.in))
	}
	for _, start := range []string{scramFile, oauthStart, allProviders + "client.id=${env:APP_USER}${file:/run/secrets/app.properties:x}"} {
		f.Add([]byte(start))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		client, err := Parse(strings.NewReader(string(data)), testSource())
		warnings := client.Warnings
		client.Warnings = nil
		var problems Problems
		switch {
		case err == nil:
		case !errors.As(err, &problems) || len(problems) == 0:
			t.Fatalf("%T %v is not Problems", err, err)
		case !cmp.Equal(client, Client{}):
			t.Fatalf("refused, and yet a client: %+v", client)
		}
		lines := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n") + 1
		for _, p := range slices.Concat(problems, warnings) {
			if p.Message == "" || p.Line > lines || p.Line < 0 || !utf8.ValidString(p.String()) {
				t.Fatalf("%+v is past the end, or says nothing", p)
			}
		}
	})
}

// What is read can be written with escapes, and read again as the same.
func FuzzReadEntries(f *testing.F) {
	for _, c := range syntaxCases() {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, _ := decode(data)
		entries, _ := readEntries(in)
		var want, got []string
		var b strings.Builder
		for _, e := range entries {
			want = append(want, e.key.String(), e.value.String())
			b.WriteString(escaped(e.key.String()) + "=" + escaped(e.value.String()) + "\n")
		}
		again, _ := decode([]byte(b.String()))
		entries, faults := readEntries(again)
		for _, e := range entries {
			got = append(got, e.key.String(), e.value.String())
		}
		if diff := cmp.Diff(want, got); diff != "" || len(faults) > 0 {
			t.Fatalf("%q becomes %q, %v (-want +got)\n%s", data, b.String(), faults, diff)
		}
	})
}

// escaped is a text with every sign that has a meaning escaped.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\f", `\f`, " ", `\ `, "=", `\=`, ":", `\:`, "#", `\#`, "!", `\!`, "\ufeff", `\ufeff`).Replace(s)
}

// A JAAS configuration that is taken can be written in quotes, and is then taken as the same. One
// that is refused is refused at a place in it, and with a fix.
func FuzzParseJAAS(f *testing.F) {
	for _, c := range jaasCases() {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in, _ := decode([]byte(s))
		login, fault := parseJAAS(in)
		if fault != nil {
			if fault.at < 0 || fault.at > len(in) || fault.message == "" || fault.fix == "" {
				t.Fatalf("%q: %+v", s, fault)
			}
			return
		}
		quoted := func(s string) string {
			return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(s) + `"`
		}
		text := quoted(login.module) + " required"
		for _, o := range login.options {
			if o.hasKey {
				text += " " + quoted(o.key) + "=" + quoted(o.value)
			}
		}
		again, fault := parseJAAS(placed(text+";", char{}))
		if fault != nil {
			t.Fatalf("%q becomes %q: %+v", s, text, fault)
		}
		if diff := cmp.Diff(optionsOf(login), optionsOf(again)); diff != "" || login.module != again.module {
			t.Fatalf("%q becomes %q (-want +got)\n%s", s, text, diff)
		}
	})
}

// A secret is hidden, whatever stands before and after it in its value. In a JAAS configuration it
// can be what is no secret, a user name, so that only what is said of it counts.
func FuzzSecrets(f *testing.F) {
	f.Add(0, `"`, `"`)
	f.Add(0, plainModule+` required username="app" password="`, `";`)
	f.Add(0, plainModule+` required username="app" password="a"`, `"b";`)
	f.Add(5, "-----BEGIN ", "-----")
	keys := strings.Fields(secretKeys)
	f.Fuzz(func(t *testing.T, n int, before, after string) {
		if n < 0 || n >= len(keys) || strings.ContainsAny(before+after, "\r\n") || strings.Contains(before, "${") || leaks(before+after) {
			return // what it says of a variable names the variable
		}
		for _, start := range []string{plainFile, oauthStart} {
			client, err := Parse(strings.NewReader(start+keys[n]+"="+before+canary+after), testSource())
			if keys[n] == "sasl.jaas.config" {
				client = Client{Warnings: client.Warnings}
			}
			if text := shown(t, client, err); leaks(text) {
				t.Fatalf("%s=%s…%s is shown: %v %v", keys[n], before, after, err, client.Warnings)
			}
		}
	})
}
