package kafka

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The names are those that Java's X500Principal.getName gives the same subjects.
func TestDistinguishedName(t *testing.T) {
	t.Parallel()
	attribute := func(oid asn1.ObjectIdentifier, value string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: oid, Value: value}
	}
	cn, dc, serial := asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}, asn1.ObjectIdentifier{2, 5, 4, 5}
	for want, name := range map[string]pkix.RDNSequence{
		"CN=app": {{attribute(cn, "app")}},
		"CN=app,OU=Shop,O=Example,C=DE": pkix.Name{
			CommonName: "app", OrganizationalUnit: []string{"Shop"}, Organization: []string{"Example"}, Country: []string{"DE"},
		}.ToRDNSequence(),
		`CN=Müller\, A\=1 \+ \"b\" \#\<\>\;\\`: {{attribute(cn, `Müller, A=1 + "b" #<>;\`)}},
		`CN=\ \ a\ `:                           {{attribute(cn, "  a ")}},
		"CN=app,DC=example,DC=org":             {{attribute(dc, "org")}, {attribute(dc, "example")}, {attribute(cn, "app")}},
		"2.5.4.5=#13023432+CN=app":             {{attribute(serial, "42"), attribute(cn, "app")}},
	} {
		subject, err := asn1.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, distinguishedName(subject)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
