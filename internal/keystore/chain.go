package keystore

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// maxNames is how many certificates a message names.
const maxNames = 3

// identity puts a key and its certificates together: the leaf, which is the certificate of the key's
// public half, then each issuer that is there. Certificates that are not on this way are left out.
func identity(key crypto.Signer, certificates []*x509.Certificate) (tls.Certificate, *Error) {
	leaf := leafOf(key, certificates)
	switch {
	case len(certificates) == 0:
		return tls.Certificate{}, refuse(NoCertificates, "put the certificates of the key beside it: cat key.pem chain.pem > FILE",
			"it has a private key without a certificate")
	case leaf == nil:
		return tls.Certificate{}, refuse(Mismatch,
			"compare the public keys: openssl pkey -in key.pem -pubout, and openssl x509 -in chain.pem -pubkey -noout",
			"the private key is of none of its certificates (%s)", names(certificates))
	}
	found := tls.Certificate{PrivateKey: key, Leaf: leaf}
	for _, c := range path(leaf, certificates) {
		found.Certificate = append(found.Certificate, c.Raw)
	}
	return found, nil
}

// leafOf returns the certificate of a key, nil where there is none.
func leafOf(key crypto.Signer, certificates []*x509.Certificate) *x509.Certificate {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil
	}
	// A renewed certificate may have the key of the old one beside it.
	var found *x509.Certificate
	for _, c := range certificates {
		if public.Equal(c.PublicKey) && (found == nil || c.NotAfter.After(found.NotAfter)) {
			found = c
		}
	}
	return found
}

// path is a certificate and its issuers, as far as they are there.
func path(leaf *x509.Certificate, certificates []*x509.Certificate) []*x509.Certificate {
	found := []*x509.Certificate{leaf}
	for last := leaf; ; last = found[len(found)-1] {
		i := slices.IndexFunc(certificates, func(c *x509.Certificate) bool {
			return bytes.Equal(c.RawSubject, last.RawIssuer) && !slices.ContainsFunc(found, c.Equal) && signed(last, c)
		})
		if i < 0 || bytes.Equal(last.RawSubject, last.RawIssuer) {
			return found
		}
		found = append(found, certificates[i])
	}
}

// signed reports whether the identifiers of the keys agree where both are there. Two authorities of one name are
// told apart by them; whether the chain holds is for the broker to verify.
func signed(child, parent *x509.Certificate) bool {
	return len(child.AuthorityKeyId) == 0 || len(parent.SubjectKeyId) == 0 || bytes.Equal(child.AuthorityKeyId, parent.SubjectKeyId)
}

// names are the subjects of certificates, for people.
func names(certificates []*x509.Certificate) string {
	var found []string
	for _, c := range certificates[:min(maxNames, len(certificates))] {
		found = append(found, strings.ToValidUTF8(fmt.Sprintf("%.80s", c.Subject.String()), "?"))
	}
	if rest := len(certificates) - len(found); rest > 0 {
		found = append(found, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(found, "; ")
}

// parseCertificate reads DER. n counts from 1.
func parseCertificate(der []byte, n int, place string) (*x509.Certificate, *Error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, refuse(Damaged, "look at it: keytool -list -v -keystore FILE, or openssl x509 -in FILE -text",
			"certificate %d%s cannot be read: %s", n, place, strings.TrimPrefix(err.Error(), "x509: "))
	}
	return c, nil
}

// shellWord quotes a text for a shell.
func shellWord(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
