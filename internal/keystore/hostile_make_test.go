package keystore

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"slices"
	"testing"
)

// algorithm is an AlgorithmIdentifier with its parameters.
func algorithm(t *testing.T, oid asn1.ObjectIdentifier, parameters any) pkix.AlgorithmIdentifier {
	t.Helper()
	return pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.RawValue{FullBytes: marshal(t, parameters)}}
}

// pkcs12Of is a file with these parts.
func pkcs12Of(t *testing.T, mac macData, parts ...contentInfo) []byte {
	t.Helper()
	safe := marshal(t, marshal(t, parts))
	content := contentInfo{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, Content: explicit(safe)}
	if mac.Digest.Digest == nil {
		return marshal(t, struct {
			Version  int
			AuthSafe contentInfo
		}{3, content})
	}
	return marshal(t, pfx{Version: 3, AuthSafe: content, MAC: mac})
}

// sealedPart is an encrypted part of nonsense.
func sealedPart(t *testing.T, a pkix.AlgorithmIdentifier) contentInfo {
	t.Helper()
	sealed := encryptedData{Info: encryptedContent{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, Algorithm: a, Data: make([]byte, 32)}}
	return contentInfo{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}, Content: explicit(marshal(t, sealed))}
}

// keyPart is a part with one encrypted key of nonsense.
func keyPart(t *testing.T, a pkix.AlgorithmIdentifier) contentInfo {
	t.Helper()
	bag := safeBag{
		ID:    asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2},
		Value: explicit(marshal(t, encryptedKey{Algorithm: a, Data: make([]byte, 32)})),
	}
	return contentInfo{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, Content: explicit(marshal(t, marshal(t, []safeBag{bag})))}
}

// bouncyCastle is the outline of a BCFKS store: two parts, each with an algorithm.
func bouncyCastle(t *testing.T) string {
	t.Helper()
	part := encryptedKey{Algorithm: algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, 1), Data: make([]byte, 200)}
	return string(marshal(t, struct{ Data, Integrity encryptedKey }{part, part}))
}

func explicit(der []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: der}
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	der, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// asksMuch reports whether bytes have a number of three bytes or more where iterations could stand: fuzzing is
// to find what panics, and no time is for rounds within the budget.
func asksMuch(data []byte) bool {
	for i := 0; i+2 < len(data); i++ {
		if data[i] == asn1.TagInteger && (data[i+1] == 3 || data[i+1] == 4) {
			return true
		}
	}
	return false
}

func reasonOfAny(t *testing.T, err error) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Reason == "" || refused.Message == "" {
		t.Fatalf("%T %v says nothing", err, err)
	}
}

func sortedText(texts []string) []string { return slices.Sorted(slices.Values(texts)) }
