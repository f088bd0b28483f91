package kafka

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckAddresses(t *testing.T) {
	t.Parallel()
	const form = "; the form is host:port, for example "
	for addr, want := range map[string]string{
		"localhost:29092":            "",
		"127.0.0.1:9092":             "",
		"[::1]:9092":                 "",
		"[fe80::1%eth0]:9092":        "",
		"kafka-1.internal:1":         "",
		"kafka_1:65535":              "",
		"bücher.example:9092":        "",
		"":                           "is empty" + form + "localhost:29092",
		"kafka":                      "has no port" + form + "kafka:9092",
		"kafka:":                     "has no port" + form + "kafka:9092",
		":9092":                      "has no host" + form + "localhost:29092",
		"kafka:0":                    "has port 0, which is not in 1-65535" + form + "kafka:9092",
		"kafka:70000":                "has port 70000, which is not in 1-65535" + form + "kafka:9092",
		"kafka:-1":                   "has port -1, which is not in 1-65535" + form + "kafka:9092",
		"kafka:99999999999999999999": "has port 99999999999999999999, which is not in 1-65535" + form + "kafka:9092",
		"localhost:abc":              `has port "abc", which is no number` + form + "localhost:9092",
		"kafka:+9092":                `has port "+9092", which is no number` + form + "kafka:9092",
		"a:9092,b:9092":              "holds a comma: give each address by itself; write a:9092,b:9092",
		"a:9092 b:9092":              "has a blank or a semicolon in it; write a:9092,b:9092",
		"a:9092;b:9092":              "has a blank or a semicolon in it; write a:9092,b:9092",
		"kafka :9092":                "has a blank or a semicolon in it" + form + "kafka:9092",
		"http://kafka:9092":          "has a scheme; write kafka:9092",
		"http://kafka":               "has a scheme" + form + "kafka:9092",
		"PLAINTEXT://k:9092":         "has a scheme; write k:9092",
		"SASL_SSL://[::1]:9092/":     "has a scheme; write [::1]:9092",
		"localhost:38092/kafka":      "has a path; write localhost:38092",
		"kafka/9092":                 "has a path" + form + "kafka:9092",
		`"kafka:9092"`:               "has quotes in it, which became part of the value; write kafka:9092",
		"'kafka:9092'":               "has quotes in it, which became part of the value; write kafka:9092",
		"${KAFKA}:9092":              "holds a placeholder that nothing replaced" + form + "localhost:29092",
		"<host>:9092":                "holds a placeholder that nothing replaced" + form + "localhost:29092",
		"kaf*ka:9092":                `has '*' in its host, which no name has` + form + "localhost:29092",
		"::1":                        "is an IPv6 address without brackets" + form + "[::1]:9092",
		"::1:9092":                   "is an IPv6 address without brackets; write [::1]:9092",
		"2001:db8::7:9092":           "is an IPv6 address without brackets; write [2001:db8::7]:9092",
		"2001:db8:0:0:0:0:0:7:9092":  "has too many colons; write [2001:db8:0:0:0:0:0:7]:9092",
		"[::1]":                      "has no port" + form + "[::1]:9092",
		"[kaf:ka]:9092":              "has no IPv6 address in its brackets" + form + "localhost:29092",
		"[kafka:9092":                "has brackets that do not match" + form + "localhost:29092",
		"kafka:9092:9092":            "has too many colons" + form + "localhost:29092",
	} {
		t.Run(addr, func(t *testing.T) {
			t.Parallel()
			if want != "" {
				want = fmt.Sprintf("broker address %q %s", addr, want)
			}
			if diff := cmp.Diff(want, textOf(CheckAddresses(BrokerAddress, []string{addr}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each address is judged, ZooKeeper's have another port, and no password is shown.
func TestCheckAddressesOfSeveral(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind  AddressKind
		addrs []string
		want  string
	}{
		{BrokerAddress, []string{"a", "b:2", "c"}, `broker address "a" has no port; the form is host:port, for example a:9092
broker address "c" has no port; the form is host:port, for example c:9092`},
		{ZooKeeperAddress, []string{"zk"}, `ZooKeeper address "zk" has no port; the form is host:port, for example zk:2181`},
		{BrokerAddress, []string{"me:secret@kafka:9092"}, `broker address "***@kafka:9092" has a user name; write kafka:9092`},
		{BrokerAddress, []string{"kafka://me:sec@ret@kafka:9092"}, `broker address "kafka://***@kafka:9092" has a scheme; write kafka:9092`},
		{BrokerAddress, []string{"me:se://cr;et,x@kafka:9092"}, `broker address "***@kafka:9092" has a scheme; write kafka:9092`},
	} {
		if diff := cmp.Diff(test.want, textOf(CheckAddresses(test.kind, test.addrs))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.addrs, diff)
		}
	}
}

func TestParseAddresses(t *testing.T) {
	t.Parallel()
	type parsed struct {
		Addrs []string
		Fault string
	}
	for text, want := range map[string]parsed{
		"a:1":                 {Addrs: []string{"a:1"}},
		"a:1,b:2":             {Addrs: []string{"a:1", "b:2"}},
		" a:1 ,\tb:2\n":       {Addrs: []string{"a:1", "b:2"}},
		"":                    {Fault: "no broker address; the form is host:port, for example localhost:29092"},
		" , ":                 {Fault: "no broker address; the form is host:port, for example localhost:29092"},
		"a:1,":                {Addrs: []string{"a:1"}, Fault: `an item of the broker addresses "a:1," is empty; write a:1`},
		"a:1,,b:2":            {Addrs: []string{"a:1", "b:2"}, Fault: `an item of the broker addresses "a:1,,b:2" is empty; write a:1,b:2`},
		"a:1,u:p,w@b:2,c:3":   {Addrs: []string{"a:1", "u:p,w@b:2", "c:3"}},
		"u:p@w,x@b:2,u:y@c:3": {Addrs: []string{"u:p@w,x@b:2", "u:y@c:3"}},
		",u:p,w@a:1":          {Addrs: []string{"u:p,w@a:1"}, Fault: `an item of the broker addresses ",***@a:1" is empty; write ***@a:1`},
		",x://u:pw@a:1":       {Addrs: []string{"x://u:pw@a:1"}, Fault: `an item of the broker addresses ",x://***@a:1" is empty; write x://***@a:1`},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			addrs, err := ParseAddresses(BrokerAddress, text)
			if diff := cmp.Diff(want, parsed{addrs, textOf(err)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
