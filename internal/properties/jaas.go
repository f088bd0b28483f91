package properties

import (
	"slices"
	"strings"
)

// jaasLogin is a sasl.jaas.config: one login module and its options.
type jaasLogin struct {
	module   string
	moduleAt int
	options  []jaasOption
}

// jaasOption is KEY=VALUE. Java keeps the last of several with the same key.
type jaasOption struct {
	key, value string
	at         int  // where the key stands
	valueAt    int  // where the value stands
	hasKey     bool // Java takes an option whose key is a number or a sign, and nothing ever asks for it
}

// option returns the last option of that name; one without a value where there is none.
func (l jaasLogin) option(key string) jaasOption {
	for _, o := range slices.Backward(l.options) {
		if o.hasKey && o.key == key {
			return o
		}
	}
	return jaasOption{}
}

// jaasFault is why Java refuses a sasl.jaas.config. Its texts quote nothing of it, because any part
// may be a piece of a password.
type jaasFault struct {
	at           int // where, in the text
	message, fix string
}

// parseJAAS reads a sasl.jaas.config as Kafka's JaasConfig and JaasContext do, and refuses what
// they refuse.
func parseJAAS(in text) (jaasLogin, *jaasFault) {
	p := jaasParser{tokens: tokenizer{in: in}, unclosed: -1}
	first := p.next()
	switch {
	case first.kind == tokenEnd:
		return jaasLogin{}, &jaasFault{at: first.at, message: "names no login module", fix: jaasForm}
	case first.kind == tokenWord && (first.word == "KafkaClient" || first.word == "KafkaServer") && p.peek().is('{'):
		return jaasLogin{}, &jaasFault{
			at: first.at, message: "has the form of a JAAS file",
			fix: "take only the lines inside the braces",
		}
	}
	login, fault := p.login(first)
	if fault != nil {
		return jaasLogin{}, fault
	}
	if second := p.next(); second.kind != tokenEnd {
		return jaasLogin{}, &jaasFault{
			at: second.at, message: "goes on after the semicolon: Kafka takes one login module",
			fix: "end it with the first semicolon; a semicolon in a password must be in double quotes",
		}
	}
	return login, nil
}

// jaasForm is the fix where nothing nearer is known.
const jaasForm = `the form is MODULE required KEY="VALUE" KEY="VALUE";`

// jaasParser reads login modules. It remembers where a quote was opened and not closed, because
// that is the cause of what comes after it.
type jaasParser struct {
	tokens   tokenizer
	unclosed int // where, or -1
}

func (p *jaasParser) next() token {
	t := p.tokens.next()
	if t.unclosed && p.unclosed < 0 {
		p.unclosed = t.at
	}
	return t
}

// peek returns the next token and leaves it to be read.
func (p *jaasParser) peek() token {
	ahead := p.tokens
	return ahead.next()
}

// fault is a refusal; a quote that was left open is its cause.
func (p *jaasParser) fault(at int, message, fix string) *jaasFault {
	if p.unclosed >= 0 {
		return &jaasFault{
			at: p.unclosed, message: "the quote that opens here is not closed before the end of its line",
			fix: "close it; a file that ${directory:…} reads may end with a line end, which cannot be in a value",
		}
	}
	return &jaasFault{at: at, message: message, fix: fix}
}

// login reads MODULE FLAG (KEY = VALUE)* ; of which the first token was read.
func (p *jaasParser) login(module token) (jaasLogin, *jaasFault) {
	flag := p.next()
	switch {
	case flag.kind == tokenEnd:
		return jaasLogin{}, p.fault(flag.at, "has no control flag after the login module", jaasForm)
	case flag.kind != tokenWord:
		return jaasLogin{}, p.fault(flag.at, "has a sign or a number where the control flag must be", jaasForm)
	case !isControlFlag(flag.word):
		return jaasLogin{}, p.fault(flag.at, "has a word that is no control flag after the login module",
			"write required; the others are requisite, sufficient and optional")
	}
	login := jaasLogin{module: module.word, moduleAt: module.at}
	var before token
	for {
		key := p.next()
		if key.is(';') {
			break
		}
		if key.kind == tokenEnd {
			return jaasLogin{}, p.fault(key.at, "does not end with a semicolon", "write ; after the last option")
		}
		value, fault := p.value(before, key)
		if fault != nil {
			return jaasLogin{}, fault
		}
		login.options = append(login.options, jaasOption{
			key: key.word, value: value.word, at: key.at, valueAt: value.at, hasKey: key.kind == tokenWord,
		})
		before = value
	}
	if module.kind != tokenWord || module.word == "" {
		return jaasLogin{}, p.fault(module.at, "does not begin with the name of a login module", jaasForm)
	}
	return login, nil
}

// value reads = VALUE after a key; before is the token in front of that key.
func (p *jaasParser) value(before, key token) (token, *jaasFault) {
	if equals := p.next(); !equals.is('=') {
		switch {
		case before.quoted && !before.unclosed && before.end == key.at:
			return token{}, &jaasFault{
				at: before.end - 1, message: "the quote here ends a value, and text goes on right after it",
				fix: `a quote that is part of the value is \\" in the file; write a backslash that is part of it as four`,
			}
		case before.kind == tokenWord && before.end == key.at:
			return token{}, p.fault(before.at, "an unquoted value has a sign in it that only quotes allow", `write it as "…"`)
		}
		return token{}, p.fault(key.at, "no = follows the option that begins here", jaasForm)
	}
	value := p.next()
	switch value.kind {
	case tokenWord:
		return value, nil
	case tokenEnd:
		return token{}, p.fault(value.at, "ends after the = of an option", jaasForm)
	case tokenNumber:
		return token{}, p.fault(value.at, "the value that begins here begins like a number, which Java takes only in quotes", `write it as "…"`)
	default:
		return token{}, p.fault(value.at, "the value that begins here begins with a sign, which Java takes only in quotes", `write it as "…"`)
	}
}

func isControlFlag(word string) bool {
	switch strings.ToUpper(word) {
	case "REQUIRED", "REQUISITE", "SUFFICIENT", "OPTIONAL":
		return true
	}
	return false
}
