package topicspec

import "testing"

func TestExpand(t *testing.T) {
	t.Parallel()
	lookup := variables(map[string]string{"A": "1", "B_2": "two", "EMPTY": "", "DOLLAR": "${A}$$"})
	tests := []struct {
		name, in, want string
		changed        bool
		err            string
	}{
		{name: "nothing to do", in: "plain"},
		{name: "empty", in: ""},
		{name: "one", in: "${A}", want: "1", changed: true},
		{name: "several, between text", in: "a${A}b${B_2}c", want: "a1btwoc", changed: true},
		{name: "a value is not expanded again", in: "${DOLLAR}", want: "${A}$$", changed: true},
		{name: "two dollars are one", in: "$${A} $$$$", want: "${A} $$"},
		{name: "other dollars stay", in: "$A $5 a$", want: "$A $5 a$"},
		{name: "default of an unset one", in: "${UNSET:-7d}", want: "7d", changed: true},
		{name: "default of an empty one", in: "${EMPTY:-7d}", want: "7d", changed: true},
		{name: "default that is not needed", in: "${A:-7d}", want: "1", changed: true},
		{name: "empty default", in: "${UNSET:-}", want: "", changed: true},
		{name: "default with a colon and a dollar", in: "${UNSET:-a:-$b}", want: "a:-$b", changed: true},
		{name: "set to nothing is set", in: "[${EMPTY}]", want: "[]", changed: true},
		{name: "unset", in: "${A}${UNSET}", err: "variable ${UNSET} is not set (set it, or give a default: ${UNSET:-value})"},
		{name: "not closed", in: "x${A", err: "variable ${A is not closed by }"},
		{name: "a default that begins with a sign", in: "${UNSET:--1}", want: "-1", changed: true},
		{name: "no name", in: "${}", err: "${} is not understood: there are only ${VAR} and ${VAR:-default}, and a name has letters, digits and _, and does not start with a digit"},
		{name: "not a name", in: "${1A}", err: "${1A} is not understood: there are only ${VAR} and ${VAR:-default}, and a name has letters, digits and _, and does not start with a digit"},
		{name: "blanks", in: "${ A }", err: "${ A } is not understood: there are only ${VAR} and ${VAR:-default}, and a name has letters, digits and _, and does not start with a digit"},
		{name: "a shell's default of an unset one", in: "${A-x}", err: "${A-x} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A:-x})"},
		{name: "an empty one", in: "${A-}", err: "${A-} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A:-})"},
		{name: "with a sign", in: "${A--1}", err: "${A--1} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A:--1})"},
		{name: "a name with a dash", in: "${my-var}", err: "${my-var} is not understood: there are only ${VAR} and ${VAR:-default} (write ${my:-var})"},
		{name: "a default that is kept", in: "${A:=x}", err: "${A:=x} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A:-x})"},
		{name: "without a colon", in: "${A=x}", err: "${A=x} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A:-x})"},
		{name: "must be set", in: "${A:?not set}", err: "${A:?not set} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A}: one that is not set is an error)"},
		{name: "must be set, without a colon", in: "${A?}", err: "${A?} is not understood: there are only ${VAR} and ${VAR:-default} (write ${A}: one that is not set is an error)"},
		{name: "in place of one that is set", in: "${A:+x}", err: "${A:+x} is not understood: there are only ${VAR} and ${VAR:-default}"},
		{name: "without a colon", in: "${A+x}", err: "${A+x} is not understood: there are only ${VAR} and ${VAR:-default}"},
		{name: "a colon alone", in: "${A:x}", err: "${A:x} is not understood: there are only ${VAR} and ${VAR:-default}"},
		{name: "a path", in: "${env.A}", err: "${env.A} is not understood: there are only ${VAR} and ${VAR:-default}"},
		{name: "a default with a variable", in: "${UNSET:-${A}}", err: "${UNSET:-${A}}: a default cannot have a variable in it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := tt.want
			if want == "" && !tt.changed && tt.err == "" {
				want = tt.in
			}
			got, changed, err := expand(tt.in, lookup)
			if got != want || changed != tt.changed || errorText(err) != tt.err {
				t.Errorf("expand(%q) = %q, %v, %v; want %q, %v, %s", tt.in, got, changed, err, want, tt.changed, tt.err)
			}
		})
	}
}
