package composefile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"kafkactl/internal/yaml"
)

// clearPasswords: what the file says of a password, everybody sees who reads the file, its history or
// `docker compose config`; and of a variable, who may ask Docker (`docker inspect`). A file that the
// container is given as a secret shows none. Passwords of trust stores guard nothing that is secret.
func clearPasswords(stack *Stack, report reporter) {
	for _, s := range stack.services {
		var names []string
		for _, name := range sortedNames(s.Environment) {
			if s.writesPassword(name) {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			more := ""
			if len(names) > 1 {
				more = fmt.Sprintf(", and %d more variables", len(names)-1)
				if len(names) == 2 {
					more = ", and one more variable"
				}
			}
			report.advice(s, s.at(key("environment"), key(names[0])), fmt.Sprintf("the file has a password in clear text, in %s%s", names[0], more),
				"secrets: and the path below /run/secrets where the program takes a file; or env_file: and ${VARIABLE}, out of version control")
		}
		if s.tools() != "" && writtenPassword(s.rawScript()) {
			report.advice(s, s.atScript(), "the command has a password in clear text", "secrets: and $$(cat /run/secrets/NAME) in its place")
		}
	}
}

// writesPassword reports a variable with a password of Kafka in it, as it is written.
func (s *service) writesPassword(name string) bool {
	value := s.Environment[name]
	if value == nil || strings.TrimSpace(*value) == "" || strings.Contains(*value, "${") {
		return false // a provider of Kafka's reads ${file:…}
	}
	raw := s.source.value(s.Name, key("environment"), key(name))
	if raw == nil || interpolated(yaml.Resolve(raw).Value) {
		return false
	}
	flat := flatName(name)
	kafka := containsAny(flat, "KAFKA", "SASL", "SSLKEY") && !strings.Contains(flat, "TRUSTSTORE")
	return kafka && (strings.HasSuffix(flat, "PASSWORD") || strings.HasSuffix(flat, "CLIENTSECRET")) || writtenPassword(*value)
}

// secretName reports a variable whose value is not to be shown: it may be a secret, or hold one.
func secretName(name string) bool {
	return containsAny(flatName(name), "PASSW", "PASSPHRASE", "SECRET", "TOKEN", "JAAS", "CREDENTIAL", "STOREKEY")
}

// writtenPassword reports the option of a JAAS configuration, or of kafka-configs, that is a password.
func writtenPassword(text string) bool {
	m := regexp.MustCompile(`(?i)(?:loginmodule\s+\w+\s[^;]*?\b(?:password|clientsecret|user_\w+)\s*=\s*|SCRAM-SHA-(?:256|512)=\[[^\]]*?password=)["']?([^"'\s;\],])`).FindStringSubmatch(text)
	return m != nil && !slices.Contains([]string{"$", "`", "<"}, m[1])
}

// interpolated reports a text with a variable in it that Compose fills in.
func interpolated(raw string) bool {
	raw = strings.ReplaceAll(raw, "$$", "")
	return regexp.MustCompile(`\$(\{|[A-Za-z_])`).MatchString(raw)
}

// rawScript is the script without what Compose fills in, "" where that is not known.
func (s *service) rawScript() string {
	var words []string
	for _, name := range []string{"entrypoint", "command"} {
		node := s.source.value(s.Name, key(name))
		if node == nil {
			continue
		}
		for _, item := range append(items(node), yaml.Resolve(node)) {
			words = append(words, regexp.MustCompile(`\$\{[^}]*\}`).ReplaceAllString(item.Value, "$$"))
		}
	}
	return strings.Join(words, " ")
}

func sortedNames(environment types.MappingWithEquals) []string {
	return slices.Sorted(maps.Keys(environment))
}
