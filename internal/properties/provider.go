package properties

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// providerKind is a config provider that is built in (KIP-297, KIP-421).
type providerKind string

const (
	envProvider       providerKind = "env"
	fileProvider      providerKind = "file"
	directoryProvider providerKind = "directory"
	otherProvider     providerKind = "other" // refused
)

// providerClasses are the classes of Apache Kafka.
func providerClasses() map[string]providerKind {
	const folder = "org.apache.kafka.common.config.provider."
	return map[string]providerKind{
		folder + "EnvVarConfigProvider":    envProvider,
		folder + "FileConfigProvider":      fileProvider,
		folder + "DirectoryConfigProvider": directoryProvider,
	}
}

// provider is one name of config.providers.
type provider struct {
	kind         providerKind
	allowedNames *regexp.Regexp // of env; nil for all
	allowedPaths []string       // of file and directory; nil for all
}

const (
	providersKey    = "config.providers"
	providersPrefix = "config.providers."
)

// providers reads config.providers and what belongs to each. A name without a class is left out, as
// Java leaves it: what refers to it is then a fault.
func (b *builder) providers() map[string]provider {
	list, ok := b.setting(providersKey)
	if !ok {
		return nil
	}
	found := make(map[string]provider)
	for name := range strings.SplitSeq(list.value.trim().String(), ",") {
		class, ok := b.setting(providersPrefix + name + ".class")
		if !ok {
			b.providerWithoutClass(list, name)
			continue
		}
		kind, ok := providerClasses()[class.value.trim().String()]
		if !ok {
			b.refuse(class, "kafkactl has the config providers env, file and directory, and not this one",
				"give the values in a file, in the environment, or as they are")
			kind = otherProvider
		}
		found[name] = b.restricted(name, provider{kind: kind})
	}
	return found
}

// providerWithoutClass is about a name that has no class. A blank before the name has Java look for
// a key with that blank in it.
func (b *builder) providerWithoutClass(list setting, name string) {
	trimmed := strings.TrimSpace(name)
	if _, ok := b.setting(providersPrefix + trimmed + ".class"); ok && trimmed != name {
		b.refuse(list, "has a blank in its list, which Java takes for a part of the name", "write the names with commas only")
		return
	}
	for class, kind := range providerClasses() {
		if trimmed == string(kind) {
			b.refuse(list, fmt.Sprintf("has no class for %s, so that Java replaces nothing", kind),
				fmt.Sprintf("add %s%s.class=%s", providersPrefix, kind, class))
			return
		}
	}
	b.refuse(list, "has a name without a class", "add config.providers.NAME.class, or take the name out")
}

// restricted adds what a provider may read.
func (b *builder) restricted(name string, p provider) provider {
	if s, ok := b.setting(providersPrefix + name + ".param.allowlist.pattern"); ok && p.kind == envProvider {
		pattern, err := regexp.Compile("^(?:" + s.value.String() + ")$")
		if err != nil {
			b.refuse(s, "is no regular expression that kafkactl reads", "use the signs that RE2 has, too")
		}
		p.allowedNames = pattern
	}
	if s, ok := b.setting(providersPrefix + name + ".param.allowed.paths"); ok && p.kind != envProvider {
		for allowed := range strings.SplitSeq(s.value.String(), ",") {
			p.allowedPaths = append(p.allowedPaths, path.Clean(allowed))
		}
	}
	return p
}

// variable is ${provider:path:key} in a value, or ${provider:key}.
type variable struct {
	begin, end          int // of all of it, in the value
	provider, path, key string
}

// findVariable returns the first variable at or after from. It is the pattern of Kafka's
// ConfigTransformer: \$\{([^}]*?):(([^}]*?):)?([^}]*?)\}
func findVariable(t text, from int) (variable, bool) {
	for i := from; i+1 < len(t); i++ {
		if t[i].r != '$' || t[i+1].r != '{' {
			continue
		}
		length := slices.IndexFunc(t[i:], func(c char) bool { return c.r == '}' })
		if length < 0 {
			return variable{}, false
		}
		name, rest, ok := strings.Cut(t[i+2:i+length].String(), ":")
		if !ok {
			continue
		}
		v := variable{begin: i, end: i + length + 1, provider: name, key: rest}
		if place, key, ok := strings.Cut(rest, ":"); ok {
			v.path, v.key = place, key
		}
		return v, true
	}
	return variable{}, false
}

// expand replaces the variables of a setting. Their values stand at the place of the variable.
func (b *builder) expand(s setting, providers map[string]provider) setting {
	var expanded text
	done := 0
	for v, ok := findVariable(s.value, 0); ok; v, ok = findVariable(s.value, v.end) {
		expanded = append(expanded, s.value[done:v.begin]...)
		done = v.end
		p, known := providers[v.provider]
		switch {
		case known && p.kind != otherProvider: // another one is told of at its class
			expanded = append(expanded, b.lookUp(s, v, p)...)
			continue
		case !known:
			b.unknownProvider(s, v, len(providers) > 0)
		}
		expanded = append(expanded, s.value[v.begin:v.end]...)
	}
	if done > 0 {
		s.value = append(expanded, s.value[done:]...)
	}
	return s
}

// unknownProvider is about a variable that Java leaves as it stands. A text of that form can be
// meant, so it is a warning, and where the name is none of the usual ones, it may be a part of a
// password: it is not named.
func (b *builder) unknownProvider(s setting, v variable, hasProviders bool) {
	name := providerKind(v.provider)
	if name != envProvider && name != fileProvider && name != directoryProvider {
		if hasProviders {
			b.warnAt(s, s.value[v.begin], "has ${…:…} with a name that config.providers has not, so that it is not replaced", "")
		}
		return
	}
	if _, listed := b.setting(providersKey); listed {
		return // told of there
	}
	b.refuseAt(s, s.value[v.begin], fmt.Sprintf("has ${%s:…}, which is not replaced without config.providers", name),
		fmt.Sprintf("add config.providers=%s and config.providers.%s.class", name, name))
}

// lookUp returns what a variable stands for; the variable itself when that is not found, as in Java.
func (b *builder) lookUp(s setting, v variable, p provider) text {
	at := s.value[v.begin]
	var value, fault string
	switch p.kind {
	case envProvider:
		value, fault = b.environment(v, p)
	case fileProvider:
		value, fault = b.fileVariable(v, p)
	case directoryProvider:
		value, fault = b.directoryVariable(v, p)
	case otherProvider: // told of at its class
	}
	if fault != "" {
		b.refuseAt(s, at, fault, "")
		return s.value[v.begin:v.end]
	}
	return placed(value, at)
}

func (b *builder) environment(v variable, p provider) (value, fault string) {
	switch {
	case v.path != "":
		return "", "has a variable of the environment with a path, which the provider does not take; write ${env:NAME}"
	case p.allowedNames != nil && !p.allowedNames.MatchString(v.key):
		return "", fmt.Sprintf("wants the environment variable %q, which allowlist.pattern leaves out", v.key)
	}
	value, ok := b.source.lookupEnv(v.key)
	if !ok {
		return "", fmt.Sprintf("wants the environment variable %q, which is not set", v.key)
	}
	return value, ""
}

// fileVariable is a key of another properties file.
func (b *builder) fileVariable(v variable, p provider) (value, fault string) {
	data, fault := b.readAllowed(v.path, v.path, p)
	if fault != "" {
		return "", fault
	}
	decoded, _ := decode(data)
	entries, faults := readEntries(decoded)
	if len(faults) > 0 {
		return "", fmt.Sprintf(`reads %q, where line %d has \u without four hexadecimal digits`, v.path, faults[0].at.line)
	}
	for _, e := range slices.Backward(entries) {
		if e.key.String() == v.key {
			return e.value.String(), ""
		}
	}
	return "", fmt.Sprintf("wants the key %q of %q, which is not there", v.key, v.path)
}

// directoryVariable is the content of a file, with its last line end where it has one.
func (b *builder) directoryVariable(v variable, p provider) (value, fault string) {
	if v.key == "" || strings.ContainsAny(v.key, `/\`) {
		return "", fmt.Sprintf("wants the file %q of a directory, and the name has a folder in it or is empty", v.key)
	}
	data, fault := b.readAllowed(v.path, path.Join(v.path, v.key), p)
	return string(data), fault
}

// readAllowed reads a file when its place is one that the provider may read.
func (b *builder) readAllowed(place, name string, p provider) (data []byte, fault string) {
	if place == "" {
		return nil, "has a variable of a file without its path; write ${file:/PATH:KEY} or ${directory:/PATH:FILE}"
	}
	isIn := func(folder string) bool {
		clean := path.Clean(place)
		return clean == folder || strings.HasPrefix(clean, strings.TrimSuffix(folder, "/")+"/")
	}
	if p.allowedPaths != nil && !slices.ContainsFunc(p.allowedPaths, isIn) {
		return nil, fmt.Sprintf("wants %q, which is not in allowed.paths", name)
	}
	data, err := b.source.readFile(name)
	if err != nil {
		return nil, fmt.Sprintf("wants a value of a file: %v", err)
	}
	return data, ""
}
