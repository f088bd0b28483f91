package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kafkactl/internal/nearest"
)

// envPrefix begins the name of every variable of this program.
const envPrefix = "KAFKACTL_"

// variable is a variable of the environment whose name begins with [envPrefix].
type variable struct {
	name  string // without the prefix
	flag  string // the flag that it sets, "-" for none
	means string // lines for the help; "" where it is nothing for users
}

// variables lists all of them, as the help shows them. [MarkEnv] marks the flags that have one.
func variables() []variable {
	return []variable{
		{"BROKERS", "--brokers", "bootstrap addresses (default " + defaultBroker + ")"},
		{"ZOOKEEPER", "--zookeeper", "ZooKeeper addresses (default: not asked)"},
		{"TIMEOUT", "--timeout", "time for the whole command, as 90s or 2m"},
		{"MIN_BROKERS", "--min-brokers", "brokers that must be there"},
		{"FILE", "--file", "the topics file (default " + DefaultSpec + ")"},
		{"PROFILE", "--profile", "profile of the topics file"},
		{"OUTPUT", "--output", "output format; a command that lacks it keeps its default"},
		{"PLACE", "-", "host or container: where the advice about names and\nports is for (default: found out)"},
		{"CONFIG", "--config", "Kafka's client.properties (help security)"},
		{"STRICT_CONFIG", "--strict-config", "true refuses a file with a key that nobody knows"},
		{"SECURITY_PROTOCOL", "--security-protocol", "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"},
		{"TLS", "--tls", "true encrypts"},
		{"TLS_CA", "--tls-ca", "authorities to trust, PEM"},
		{"TLS_CERT", "--tls-cert", "the client's certificate, PEM"},
		{"TLS_KEY", "--tls-key", "its key, PEM"},
		{"TLS_SERVER_NAME", "--tls-server-name", "name that certificates must have"},
		{"SASL_MECHANISM", "--sasl-mechanism", "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"},
		{"SASL_USERNAME", "--sasl-username", "user to log in as"},
		{"SASL_PASSWORD_FILE", "--sasl-password-file", "file that holds the password"},
		{"SASL_PASSWORD", "-", "the password"},
		{"COMPLETION_TIMEOUT", "-", "how long a completion may ask the cluster (default 250ms)"},
		{"IMAGE", "-", "for deploy/compose, not for kafkactl: the image it runs"},
		{"VERSION", "-", "the same: the version of the image that it builds"},
		{"TEST_IMAGES", "-", ""}, // of the tests of deploy/compose
	}
}

// EnvironmentTable returns the variables for the help: each with its flag and what it means.
func EnvironmentTable() string {
	var text strings.Builder
	row := func(name, flag, means string) {
		for line := range strings.Lines(means) {
			fmt.Fprintf(&text, "  %-27s  %-20s  %s\n", name, flag, strings.TrimSuffix(line, "\n"))
			name, flag = "", ""
		}
	}
	for _, v := range variables() {
		row(envPrefix+v.name, v.flag, v.means)
	}
	row("NO_COLOR", "--color never", "any value turns colour off")
	row("TZ", "-", "time zone of times that are shown, and of those that are\ngiven without one")
	return text.String()
}

// FlagName returns the name of the flag that Apache's tools call by name; other names stay as they
// are.
func FlagName(name string) string {
	switch name {
	case "bootstrap-server", "bootstrap-servers", "broker-list", "broker":
		return "brokers"
	}
	return name
}

// NoteUnknownVariables tells of each variable that looks like one of this program and is none: a slip
// in its name would leave the default in force, without a word.
func (a *App) NoteUnknownVariables() {
	if a.Environ == nil {
		return
	}
	environ := a.Environ()
	slices.Sort(environ)
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if note := unknownVariable(name); note != "" {
			a.Notef("note: %s", note)
		}
	}
}

// serviceVariable matches what Kubernetes and the links of Docker put into the environment of a
// container for a service, here one whose name begins with kafkactl.
const serviceVariable = `^KAFKACTL(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`

// unknownVariable returns a sentence about a variable that begins as ours do and is none of them; ""
// for any other.
func unknownVariable(name string) string {
	rest, ours := strings.CutPrefix(strings.ToUpper(name), envPrefix)
	if !ours || regexp.MustCompile(serviceVariable).MatchString(name) {
		return ""
	}
	var known []string
	for _, v := range variables() {
		if name == envPrefix+v.name {
			return ""
		}
		if v.means != "" {
			known = append(known, v.name)
		}
	}
	flag := FlagName(strings.ToLower(strings.ReplaceAll(rest, "_", "-")))
	near := nearest.Names(strings.ToUpper(strings.ReplaceAll(flag, "-", "_")), known, 1)
	if len(near) == 0 {
		return name + " is no variable of kafkactl and has no effect; kafkactl help environment lists them"
	}
	return fmt.Sprintf("%s is no variable of kafkactl and has no effect: did you mean %s%s?", name, envPrefix, near[0])
}
