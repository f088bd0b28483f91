package properties

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// jaasCase is a sasl.jaas.config, as it is after the escapes of the file, and what Java makes of it.
// The oracle test has Java say the same of each.
type jaasCase struct {
	name, in string
	options  map[string]string // what Java reads; nil where it refuses
	column   int               // where it is refused
	fault    string
}

const (
	quoteOpen   = "the quote that opens here is not closed before the end of its line"
	likeNumber  = "the value that begins here begins like a number, which Java takes only in quotes"
	likeSign    = "the value that begins here begins with a sign, which Java takes only in quotes"
	noEquals    = "no = follows the option that begins here"
	noModule    = "names no login module"
	quoteInside = "the quote here ends a value, and text goes on right after it"
	notEnded    = "does not end with a semicolon"
	goesOn      = "goes on after the semicolon: Kafka takes one login module"
	wrongFlag   = "has a word that is no control flag after the login module"
)

func jaasCases() []jaasCase {
	one := func(value string) map[string]string { return map[string]string{"p": value} }
	return []jaasCase{
		{name: "double quotes", in: `a.B required p="v";`, options: one("v")},
		{name: "single quotes", in: `a.B required p='v';`, options: one("v")},
		{name: "escaped quote", in: `a.B required p="v\"w";`, options: one(`v"w`)},
		{name: "escaped backslash", in: `a.B required p="v\\w";`, options: one(`v\w`)},
		{name: "escaped letters", in: `a.B required p="\n\t\r\f\a\b\v";`, options: one("\n\t\r\f\a\b\v")},
		{name: "octal", in: `a.B required p="\101\1\477\x";`, options: one("A\x01'7x")},
		{name: "octal before the quote", in: `a.B required p="\7";`, options: one("\a")},
		{name: "unknown escape", in: `a.B required p="\q";`, options: one("q")},
		{name: "signs in quotes are literal", in: `a.B required p=";//=#/*";`, options: one(";//=#/*")},
		{name: "the other quote in quotes", in: `a.B required p="it's";`, options: one("it's")},
		{name: "no option", in: `a.B required;`, options: map[string]string{}},
		{name: "empty value", in: `a.B required p="";`, options: one("")},
		{name: "unquoted word", in: `a.B required p=b;`, options: one("b")},
		{name: "unquoted word with digits", in: `a.B required p=a1b;`, options: one("a1b")},
		{name: "unquoted word with signs of words", in: `a.B required p=p-s_s$.x;`, options: one("p-s_s$.x")},
		{name: "unquoted word with a minus and a digit", in: `a.B required p=b-5;`, options: one("b-5")},
		{name: "unquoted word beyond ASCII", in: "a.B required p=é\u20ac;", options: one("é\u20ac")},
		{name: "unquoted true", in: `a.B required p=true;`, options: one("true")},
		{name: "unquoted number", in: `a.B required p=1234;`, column: 16, fault: likeNumber},
		{name: "unquoted word that begins with a digit", in: `a.B required p=1a;`, column: 16, fault: likeNumber},
		{name: "unquoted dot and digit", in: `a.B required p=.5;`, column: 16, fault: likeNumber},
		{name: "unquoted dot and word", in: `a.B required p=.a;`, column: 16, fault: likeNumber},
		{name: "unquoted minus and digit", in: `a.B required p=-5;`, column: 16, fault: likeNumber},
		{name: "unquoted minus and word", in: `a.B required p=-a;`, column: 16, fault: likeSign},
		{name: "unquoted at", in: `a.B required p=p@ss;`, column: 16, fault: "an unquoted value has a sign in it that only quotes allow"},
		{name: "unquoted hash", in: `a.B required p=#b;`, column: 16, fault: likeSign},
		{name: "C1 control character", in: "a.B required p=\u0085;", column: 16, fault: likeSign},
		{name: "newline in quotes", in: "a.B required p=\"v\nw\";", column: 16, fault: quoteOpen},
		{name: "newline after the quote that it closes", in: "a.B required p=\"v\n;", options: one("v")},
		{name: "escaped newline in quotes", in: "a.B required p=\"v\\\nw\";", options: one("v\nw")},
		{name: "quote not closed", in: `a.B required p="v;`, column: 16, fault: quoteOpen},
		{name: "backslash at the end", in: `a.B required p="v\`, column: 16, fault: quoteOpen},
		{name: "quote in the value", in: `a.B required p="v"w";`, column: 18, fault: quoteInside},
		{name: "quote in the value, before a word and =", in: `a.B required p="v"w="x";`, options: map[string]string{"p": "v", "w": "x"}},
		{name: "no semicolon", in: `a.B required p="v"`, column: 19, fault: notEnded},
		{name: "no semicolon and no option", in: `a.B required`, column: 13, fault: notEnded},
		{name: "no flag", in: `a.B`, column: 4, fault: "has no control flag after the login module"},
		{name: "no flag, options", in: `a.B p="v";`, column: 5, fault: wrongFlag},
		{name: "no flag, semicolon", in: `a.B ;`, column: 5, fault: "has a sign or a number where the control flag must be"},
		{name: "unknown flag", in: `a.B needed p="v";`, column: 5, fault: wrongFlag},
		{name: "flag requisite", in: `a.B requisite p=v;`, options: one("v")},
		{name: "flag sufficient", in: `a.B sufficient p=v;`, options: one("v")},
		{name: "flag OPTIONAL", in: `a.B OPTIONAL p=v;`, options: one("v")},
		{name: "flag in quotes", in: `a.B "required" p=v;`, options: one("v")},
		{name: "after the semicolon", in: `a.B required; p`, column: 15, fault: goesOn},
		{name: "two semicolons", in: `a.B required;;`, column: 14, fault: goesOn},
		{name: "two modules", in: `a.B required; a.B required;`, column: 15, fault: goesOn},
		{name: "comment after the semicolon", in: `a.B required p=v; // x`, options: one("v")},
		{name: "duplicate option", in: `a.B required p=v p=w;`, options: one("w")},
		{name: "module in quotes", in: `"a.B" required p=v;`, options: one("v")},
		{name: "module is empty", in: `"" required p=v;`, column: 1, fault: "does not begin with the name of a login module"},
		{name: "module is a number", in: `5 required p=v;`, column: 1, fault: "does not begin with the name of a login module"},
		{name: "blanks around =", in: "a.B required p \t=\n 'v' ;", options: one("v")},
		{name: "no blank between options", in: `a.B required u="a"p="v";`, options: map[string]string{"u": "a", "p": "v"}},
		{name: "option in quotes", in: `a.B required "p"="v";`, options: one("v")},
		{name: "option is a number", in: `a.B required 5="v" p=v;`, options: one("v")},
		{name: "option is a sign", in: `a.B required @="v" p=v;`, options: one("v")},
		{name: "option without =", in: `a.B required p;`, column: 14, fault: noEquals},
		{name: "option without value", in: `a.B required p=;`, column: 16, fault: likeSign},
		{name: "ends after =", in: `a.B required p=`, column: 16, fault: "ends after the = of an option"},
		{name: "comments", in: "// x\na.B /* y */ required p=v;", options: one("v")},
		{name: "comment of one slash", in: "a.B required / p=w;\np=v;", options: one("v")},
		{name: "slash before a line end", in: "a.B required /\n p=w;\np=v;", options: one("v")},
		{name: "slash at the end", in: `a.B required p=v;/`, options: one("v")},
		{name: "comment not closed", in: `a.B required /* p=v;`, column: 21, fault: notEnded},
		{name: "asterisks in a comment", in: "a.B /***/ required /*\n**/ p=v;", options: one("v")},
		{name: "asterisk first on a line of a comment", in: "a.B required /*\n*/ p=v;", options: one("v")},
		{name: "unquoted path", in: "a.B required p=/x;", column: 19, fault: "ends after the = of an option"},
		{name: "nothing", in: "", column: 1, fault: noModule},
		{name: "only a comment", in: "// x", column: 5, fault: noModule},
		{name: "file form", in: "KafkaClient {\n a.B required p=v;\n};", column: 1, fault: "has the form of a JAAS file"},
	}
}

func TestParseJAAS(t *testing.T) {
	t.Parallel()
	for _, tt := range jaasCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in, _ := decode([]byte(tt.in))
			login, fault := parseJAAS(in)
			got := jaasCase{name: tt.name, in: tt.in}
			if fault != nil {
				got.column, got.fault = fault.at+1, fault.message
				if fault.fix == "" {
					t.Error("the fault has no fix")
				}
			} else {
				got.options = optionsOf(login)
			}
			if diff := cmp.Diff(tt, got, cmp.AllowUnexported(jaasCase{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// optionsOf is what Java's map of options holds.
func optionsOf(login jaasLogin) map[string]string {
	options := make(map[string]string)
	for _, o := range login.options {
		if o.hasKey {
			options[o.key] = o.value
		}
	}
	return options
}
