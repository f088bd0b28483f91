package keystore

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"strings"
)

// pemBlock is one -----BEGIN LABEL----- of a text.
type pemBlock struct {
	label   string
	headers map[string]string
	der     []byte
}

// pemFile is what a PEM text has. Blocks that are neither a certificate nor a private key are only
// known by their labels.
type pemFile struct {
	certificates []*x509.Certificate
	keys         []pemBlock
	others       []string
}

// readPEMText reads PEM: the certificates, and the keys still encrypted.
func readPEMText(data []byte) (pemFile, *Error) {
	var f pemFile
	if err := tooLarge(data); err != nil {
		return f, err
	}
	if identified := identify(data); identified != formatPEM {
		return f, identified.refusal(data)
	}
	blocks, err := pemBlocks(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	if err != nil {
		return f, err
	}
	for _, b := range blocks {
		switch {
		case strings.HasSuffix(b.label, "PRIVATE KEY"):
			f.keys = append(f.keys, b)
		case b.label == "CERTIFICATE", b.label == "X509 CERTIFICATE", b.label == "TRUSTED CERTIFICATE":
			c, err := b.certificate(len(f.certificates) + 1)
			if err != nil {
				return f, err
			}
			f.certificates = append(f.certificates, c)
		default:
			f.others = append(f.others, b.label)
		}
	}
	return f, nil
}

// certificate reads one. OpenSSL's TRUSTED CERTIFICATE has its own remarks behind it.
func (b pemBlock) certificate(n int) (*x509.Certificate, *Error) {
	der := b.der
	if b.label == "TRUSTED CERTIFICATE" {
		var first asn1.RawValue
		if _, err := asn1.Unmarshal(der, &first); err == nil {
			der = first.FullBytes
		}
	}
	return parseCertificate(der, n, "")
}

// The marks of PEM.
const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
)

// pemBlocks splits a text as freely as Kafka does, which reads PEM out of one line of a properties file:
// blanks stand for newlines, text between the blocks is left out, and a file without a newline at its end may have the
// next one behind it.
func pemBlocks(text string) ([]pemBlock, *Error) {
	var found []pemBlock
	for {
		_, rest, ok := strings.Cut(text, pemBegin)
		if !ok {
			return found, nil
		}
		label, rest, ok := strings.Cut(rest, pemDash)
		if label = pemLabel(label); !ok {
			return nil, truncated("it ends in the first line of PEM block %d", len(found)+1)
		}
		body, after, ok := strings.Cut(rest, pemEnd)
		if !ok || strings.Contains(body, pemBegin) {
			return nil, truncated("PEM block %d (%s) has no end", len(found)+1, label)
		}
		end, after, ok := strings.Cut(after, pemDash)
		if !ok || pemLabel(end) != label {
			return nil, truncated("PEM block %d (%s) has no end of its own", len(found)+1, label)
		}
		block := pemBlock{label: label}
		var err error
		if block.headers, block.der, err = pemBody(body); err != nil {
			return nil, refuse(Damaged, "look at it: openssl storeutl -noout -text FILE", "the base64 of PEM block %d (%s) is damaged", len(found)+1, label)
		}
		found = append(found, block)
		text = after
	}
}

// pemLabel makes a label fit to be said, and comparable. A long or strange one is not a label, and could be a
// piece of a key.
func pemLabel(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 40 || strings.IndexFunc(s, func(r rune) bool { return r != ' ' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) >= 0 {
		return "without a name"
	}
	return s
}

// pemBody splits headers, of which each has a line, from base64.
func pemBody(body string) (map[string]string, []byte, error) {
	headers := make(map[string]string)
	for {
		line, rest, _ := strings.Cut(strings.TrimLeft(body, " \t\r\n"), "\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			break
		}
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
		body = rest
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil || len(der) == 0 {
		return nil, nil, fmt.Errorf("decode base64 of %d characters: %w", len(body), err)
	}
	return headers, der, nil
}

// noCertificates is why a PEM text is refused where certificates are expected.
func (f pemFile) noCertificates() *Error {
	const hint = "a truststore has the certificates of authorities: -----BEGIN CERTIFICATE-----"
	switch {
	case len(f.keys) > 0:
		return refuse(NoCertificates, hint, "it has a private key where certificates are expected")
	case len(f.others) > 0 && (f.others[0] == "PKCS7" || f.others[0] == "CMS"):
		return refuse(NoCertificates, "convert it: openssl pkcs7 -print_certs -in FILE -out ca.pem", "it has %s where certificates are expected", f.others[0])
	case len(f.others) > 0:
		return refuse(NoCertificates, hint, "it has a %s where certificates are expected", strings.ToLower(f.others[0]))
	}
	return refuse(NoCertificates, hint, "it is PEM without a certificate")
}

// identity returns the one key with its certificates.
func (f pemFile) identity(password string) (tls.Certificate, *Error) {
	switch {
	case len(f.keys) == 0 && len(f.certificates) > 0 || len(f.keys) == 0 && len(f.others) == 0:
		return tls.Certificate{}, refuse(NoKey, "put the key beside its certificates: cat key.pem chain.pem > NEW.pem", "it has no private key")
	case len(f.keys) == 0:
		return tls.Certificate{}, refuse(NoKey, "give the private key: -----BEGIN PRIVATE KEY-----", "it has a %s and no private key", strings.ToLower(f.others[0]))
	case len(f.keys) > 1:
		return tls.Certificate{}, refuse(ManyKeys, "keep one key in a file", "it has %d private keys, and Kafka takes exactly one", len(f.keys))
	}
	key, err := f.keys[0].key(password)
	if err != nil {
		return tls.Certificate{}, err
	}
	return identity(key, f.certificates)
}
