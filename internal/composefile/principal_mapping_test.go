package composefile

import "testing"

// TestMapSubject pins SslPrincipalMapper's rules; "" is a subject of which nothing is said.
func TestMapSubject(t *testing.T) {
	t.Parallel()
	const subject = "CN=Kafka-1,OU=Test,O=Shop"
	for _, test := range []struct{ name, rules, want string }{
		{"no rules", "", subject},
		{"the default", "DEFAULT", subject},
		{"the common name", "RULE:^CN=([^,]+),.*$/$1/", "Kafka-1"},
		{"in small letters", "RULE:^CN=(.*?),.*$/$1/L,DEFAULT", "kafka-1"},
		{"in capitals", "RULE:^CN=(.*?),OU=(.*?),.*$/$1@$2x/U", "KAFKA-1@TESTX"},
		{"a text of its own", `RULE:^CN=Kafka-\d+.*$/broker/ , DEFAULT`, "broker"},
		{"the first that matches all of it", "RULE:^CN=Kafka/x/,RULE:^OU=.*$/y/,RULE:^.*O=(.*)$/$1/", "Shop"},
		{"none that matches", "RULE:^OU=.*$/y/", ""},
		{"a slash that is escaped", `RULE:^CN=(.*?),.*$/a\/$1/`, "a/Kafka-1"},
		{"what only Java knows", "RULE:^CN=(?=K)(.*?),.*$/$1/,DEFAULT", ""},
		{"no rule", "CN=(.*)", ""},
		{"a match at the end, too", "RULE:.*/x/", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := mapSubject(test.rules, subject); got != test.want || ok != (test.want != "") {
				t.Errorf("mapSubject(%q) = %q, %v, want %q", test.rules, got, ok, test.want)
			}
		})
	}
}

// TestJAASUser pins how the option username is written.
func TestJAASUser(t *testing.T) {
	t.Parallel()
	for jaas, want := range map[string]string{
		`x.PlainLoginModule required username="admin" password="x";`: "admin",
		`x.PlainLoginModule required username='admin' password='x';`: "admin",
		`x.PlainLoginModule required username=admin password=x;`:     "admin",
		`x.PlainLoginModule required user_admin="x";`:                "",
		`x.PlainLoginModule required username="a\"b";`:               "",
		`x.PlainLoginModule required username="${env:USER}";`:        "",
		`x.ScramLoginModule required;`:                               "",
	} {
		if got := jaasUser(jaas); got != want {
			t.Errorf("jaasUser(%q) = %q, want %q", jaas, got, want)
		}
	}
}
