package keystore

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// safeBag is one thing in a PKCS12 file, with what is said about it.
type safeBag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue  `asn1:"tag:0,explicit"`
	Attributes []bagAttribute `asn1:"set,optional"`
}

type bagAttribute struct {
	ID     asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

type certBag struct {
	ID   asn1.ObjectIdentifier
	Data []byte `asn1:"tag:0,explicit"`
}

// The bags and attributes that are read. Others, such as secret keys, are left alone.
const (
	oidKeyBag       = "1.2.840.113549.1.12.10.1.1"
	oidShroudedBag  = "1.2.840.113549.1.12.10.1.2"
	oidCertBag      = "1.2.840.113549.1.12.10.1.3"
	oidSafeContents = "1.2.840.113549.1.12.10.1.6"
	oidX509         = "1.2.840.113549.1.9.22.1"
	oidFriendlyName = "1.2.840.113549.1.9.20"
	oidLocalKeyID   = "1.2.840.113549.1.9.21"
	oidTrusted      = "2.16.840.1.113894.746875.1.1" // Java's mark
)

// bagReader collects what the parts of a file have.
type bagReader struct {
	trusted, others []*x509.Certificate
	keys            []storedKey
	keyIDs          [][]byte                     // of keys, beside them
	leaves          map[string]*x509.Certificate // certificates by their local key id
}

func (b *bagReader) read(plain []byte) *Error {
	var bags []safeBag
	if _, err := asn1.Unmarshal(plain, &bags); err != nil {
		return damagedPKCS12()
	}
	for _, bag := range bags {
		switch bag.ID.String() {
		case oidCertBag:
			if err := b.certificate(bag); err != nil {
				return err
			}
		case oidKeyBag, oidShroudedBag:
			alias := bag.name()
			if alias == "" {
				alias = fmt.Sprint(len(b.keys) + 1)
			}
			b.keys = append(b.keys, storedKey{alias: alias, protected: bag.Value.Bytes, plain: bag.ID.String() == oidKeyBag})
			b.keyIDs = append(b.keyIDs, bag.attribute(oidLocalKeyID))
		case oidSafeContents: // bags in a bag: neither OpenSSL nor Java writes them
			return refuse(Unsupported, hintReexport, "it is a PKCS12 store with bags in a bag")
		}
	}
	return nil
}

// certificate sorts a certificate as Java does: marked as trusted, a key's, or neither.
func (b *bagReader) certificate(bag safeBag) *Error {
	var inner certBag
	if _, err := asn1.Unmarshal(bag.Value.Bytes, &inner); err != nil {
		return damagedPKCS12()
	}
	if inner.ID.String() != oidX509 {
		return nil
	}
	c, err := parseCertificate(inner.Data, len(b.trusted)+len(b.others)+1, "")
	if err != nil {
		return err
	}
	if bag.attribute(oidTrusted) != nil {
		b.trusted = append(b.trusted, c)
		return nil
	}
	b.others = append(b.others, c)
	if id := bag.attribute(oidLocalKeyID); id != nil {
		if b.leaves == nil {
			b.leaves = make(map[string]*x509.Certificate)
		}
		b.leaves[string(id)] = c
	}
	return nil
}

// into gives the store what was found. Java knows the certificate of a key by the local key id, and its chain by the
// names of issuers among all the certificates.
func (b *bagReader) into(s *store) {
	s.trusted, s.others, s.keys = b.trusted, b.others, b.keys
	all := slices.Concat(b.others, b.trusted)
	for i := range s.keys {
		s.keys[i].chain = all
		if id := b.keyIDs[i]; id != nil {
			s.keys[i].leaf = b.leaves[string(id)]
		}
	}
}

// attribute returns the first value of an attribute, nil where there is none.
func (bag safeBag) attribute(oid string) []byte {
	for _, a := range bag.Attributes {
		if a.ID.String() == oid {
			return append([]byte{}, a.Values.Bytes...)
		}
	}
	return nil
}

// name is the alias.
func (bag safeBag) name() string {
	var text asn1.RawValue
	if _, err := asn1.Unmarshal(bag.attribute(oidFriendlyName), &text); err != nil || len(text.Bytes)%2 != 0 {
		return ""
	}
	units := make([]uint16, 0, len(text.Bytes)/2)
	for i := 0; i < len(text.Bytes); i += 2 {
		units = append(units, uint16(text.Bytes[i])<<8|uint16(text.Bytes[i+1]))
	}
	return strings.ToValidUTF8(string(utf16.Decode(units)), "?")
}
