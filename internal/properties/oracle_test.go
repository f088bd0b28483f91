package properties

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"kafkactl/internal/kafkatest"
)

// question is a text for Java, and what this package makes of it, in the form of the answer.
type question struct {
	kind byte // P, J or C, as testdata/Oracle.java has it
	text string
	want string
}

// Java itself says of every case of the tables, and of some thousands made of the same pieces,
// whether it takes the text, and as what.
func TestJavaAgrees(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Brokers)
	var all []question
	for _, c := range syntaxCases() {
		all = append(all, question{'P', c.in, propertiesAnswer(c.in)})
	}
	for _, c := range jaasCases() {
		all = append(all, question{'J', c.in, jaasAnswer(c.in)})
	}
	for _, text := range configFiles(t) {
		all = append(all, question{'C', text, configAnswer(text)})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		text := madeOf(random, "a", "b", "=", ":", " ", "\t", "\\", "\n", "\r", "#", "!", "\\u0041", "\\u", "\f")
		all = append(all, question{'P', text, propertiesAnswer(text)})
		text = "a.B required " + madeOf(random, "p", "=", `"`, "'", ";", "\\", "\n", "\r", "/", "*", "1", ".", "-", " ", "@", "p=v", `u="w"`) + ";"
		all = append(all, question{'J', text, jaasAnswer(text)})
	}
	for i, answer := range askJava(t, all) {
		if q := all[i]; answer != q.want {
			t.Errorf("%c %q:\nJava: %s\nhere: %s", q.kind, q.text, readable(answer), readable(q.want))
		}
	}
}

// madeOf puts up to 12 of the pieces together.
func madeOf(random *rand.Rand, pieces ...string) string {
	var b strings.Builder
	for range random.IntN(12) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

func askJava(t *testing.T, all []question) []string {
	t.Helper()
	home, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	jars, err := kafkatest.JarDir(kafkatest.Kraft1)
	if err != nil {
		t.Fatal(err)
	}
	var in, stdout, stderr bytes.Buffer
	for _, q := range all {
		fmt.Fprintf(&in, "%c %s\n", q.kind, base64.StdEncoding.EncodeToString([]byte(q.text)))
	}
	java := exec.CommandContext(t.Context(), filepath.Join(home, "bin", "java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
		"-cp", filepath.Join(jars, "*"), filepath.Join("testdata", "Oracle.java"))
	java.Env = append(os.Environ(), "APP_USER=app", "APP_PASSWORD=of-env")
	java.Stdin, java.Stdout, java.Stderr = &in, &stdout, &stderr
	if err := java.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	answers := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
	if len(answers) != len(all) {
		t.Fatalf("%d answers to %d questions: %s", len(answers), len(all), stderr.String())
	}
	return answers
}

func propertiesAnswer(in string) string {
	decoded, _ := decode([]byte(in))
	entries, faults := readEntries(decoded)
	if len(faults) > 0 {
		return "refused"
	}
	found := make(map[string]string)
	for _, e := range entries {
		found[e.key.String()] = e.value.String()
	}
	return "properties" + pairsAnswer(found)
}

func jaasAnswer(in string) string {
	decoded, _ := decode([]byte(in))
	login, fault := parseJAAS(decoded)
	if fault != nil {
		return "refused"
	}
	return javaText(login.module) + pairsAnswer(optionsOf(login))
}

// configFiles are files of an admin client: blanks around values, and the variables of config providers.
func configFiles(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"password": "of-directory\n", "app.properties": "password = of\\u002dfile \nother=\u00e9"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const base = "bootstrap.servers=a:9092\n"
	files := []string{
		base + "client.id= \t a b \f \nssl.key.password= x \nsasl.mechanism=\\u00a0y\\u2003",
		base + "client.id=${env:APP_USER}",
		base + "config.providers=env\nclient.id=${env:APP_USER}",
		base + strings.Replace(allProviders, "env,file", "env, file", 1) + "client.id=${file:" + dir + "/app.properties:other}${env:APP_USER}",
	}
	for _, value := range []string{
		"${env:APP_USER}", "a${env:APP_USER}b${env:APP_PASSWORD}c", "${env:NOPE}", "$${env:APP_USER}}", "${a${env:APP_USER}", "${env}${env:APP_USER}", "${:APP_USER}",
		"${vault:a:b}", "${env:APP_USER", "${dir:DIR:password}", "${dir:DIR:nope}", "x${dir:DIR:password}y", "${file:DIR/app.properties:password}",
		"${file:DIR/app.properties:other}", "${file:DIR/app.properties:nope}", "${file:DIR/app.properties:}", "${ENV:APP_USER}",
	} {
		files = append(files, base+allProviders+"client.id="+strings.ReplaceAll(value, "DIR", dir))
		files = append(files, base+allProviders+"config.providers.dir.param.allowed.paths="+dir+"\nconfig.providers.env.param.allowlist.pattern=APP_U.*\nclient.id="+strings.ReplaceAll(value, "DIR", dir))
	}
	return files
}

// configAnswer is what Java's admin client gets for the keys of configFiles.
func configAnswer(in string) string {
	env := map[string]string{"APP_USER": "app", "APP_PASSWORD": "of-env"}
	b := newBuilder(Source{ReadFile: os.ReadFile, LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok }})
	b.read([]byte(in))
	found := map[string]string{"bootstrap.servers": "[a:9092]"}
	for _, key := range []string{"client.id", "ssl.key.password", "sasl.mechanism"} {
		if s, ok := b.settings[key]; ok {
			found[key] = s.value.trim().String()
		}
	}
	return "config" + pairsAnswer(found)
}

func pairsAnswer(found map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(found)) {
		b.WriteString(" " + javaText(key) + "=" + javaText(found[key]))
	}
	return b.String()
}

// javaText is a text as the oracle prints it.
func javaText(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// readable is an answer for people.
func readable(answer string) string {
	return regexp.MustCompile(`[\w-]+`).ReplaceAllStringFunc(answer, func(word string) string {
		bytes, err := base64.RawURLEncoding.DecodeString(word)
		if err != nil || len(bytes)%2 != 0 || len(bytes) == 0 || bytes[0] > 0x30 {
			return word
		}
		var units []uint16
		for i := 0; i < len(bytes); i += 2 {
			units = append(units, uint16(bytes[i])<<8|uint16(bytes[i+1]))
		}
		return fmt.Sprintf("%q", string(utf16.Decode(units)))
	})
}
