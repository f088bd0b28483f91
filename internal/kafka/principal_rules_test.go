package kafka

import (
	"errors"
	"testing"
)

// What SslPrincipalMapper of Kafka 4.3.1 makes of a name, and never something else: what Go cannot do alike is an
// error.
func TestMapPrincipal(t *testing.T) {
	t.Parallel()
	const name = `CN=kafka-1,OU=Shop,O=Example\, Inc,C=DE`
	for _, test := range []struct {
		rules, want string
		err         error
	}{
		{`DEFAULT`, name, nil},
		{`RULE:^CN=([^,]+).*$/$1/,DEFAULT`, "kafka-1", nil},
		{`RULE:^CN=kafka-[0-9]+.*$/broker/,RULE:^CN=([^,]+).*$/$1/,DEFAULT`, "broker", nil},
		{`RULE:^CN=(.*?),OU=(.*?),.*$/$1@$2/U`, "KAFKA-1@SHOP", nil},
		{`RULE:^CN=(.*?),OU=(.*?),.*$/$1@$2/L , DEFAULT`, "kafka-1@shop", nil},
		{`RULE:CN=(.*?),.*/$1/`, "kafka-1", nil},
		{`RULE:^.*[Cc][Nn]=([a-zA-Z0-9.-]*).*$/$1/L,DEFAULT`, "kafka-1", nil},
		{`RULE:^CN=other$/x/,DEFAULT`, name, nil},
		{`RULE:^CN=other$/x/`, "", errNoRule},
		{``, "", errNoRule},
		{`RULE:^CN=(.*?),.*$/$1$2/`, "kafka-1$2", nil},
		{`RULE:^CN=(.*?),.*$/$12/`, "kafka-12", nil},
		{`RULE:^CN=(.*?),.*$/\$1/`, "$1", nil},
		{`RULE:^CN=(.*?)\,.*$/a\/b/`, "a/b", nil},
		{`RULE:[a-zA-Z]=/x/,RULE:^(CN=k|x).*$/y/`, "y", nil},
		{`  RULE:^CN=(.*?),.*$/$1/  ,  DEFAULT `, "kafka-1", nil},
		{`RULE:^cn=.*$/x/,DEFAULT`, name, nil},
		{`RULE:^CN=([^,]+).*$/$1/,,DEFAULT`, "kafka-1", nil},
		{`RULE:^CN=([^,]+).*$/user $1/`, "user kafka-1", nil},
		{`RULE:.*/user/`, "", errJavaOnly},                 // useruser: Java replaces the empty end, too
		{`RULE:^(?!CN=a).*$/no/,DEFAULT`, "", errJavaOnly}, // no: Go has no lookahead
	} {
		if got, err := mapPrincipal(test.rules, name); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: want %q, %v, got %q, %v", test.rules, test.want, test.err, got, err)
		}
	}
}
