package keystore

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"slices"
	"strings"
)

// format is what bytes are, by their content.
type format string

// What is read.
const (
	formatPEM    format = "PEM"
	formatJKS    format = "JKS"
	formatPKCS12 format = "PKCS12"
)

// What is only named.
const (
	formatEmpty  format = "an empty file"
	formatJCEKS  format = "a JCEKS store"
	formatBKS    format = "a BKS or UBER store of Bouncy Castle"
	formatBCFKS  format = "a BCFKS store of Bouncy Castle"
	formatBER    format = "a store in BER of indefinite length"
	formatShort  format = "a PKCS12 store, or another DER file, that ends too early"
	formatPKCS7  format = "a PKCS7 bundle in DER"
	formatDER    format = "a certificate in DER"
	formatDERKey format = "a private key in DER"
	formatASN1   format = "a DER file that is neither a store nor a certificate"
	formatBase64 format = "base64 without the lines of PEM"
	formatUTF16  format = "text in UTF-16"
	formatHTML   format = "an HTML or XML page"
	formatJSON   format = "JSON"
	formatSSH    format = "a key of OpenSSH"
	formatZip    format = "a compressed archive"
	formatText   format = "text without PEM in it"
	formatBinary format = "neither PEM, JKS nor PKCS12"
)

const convert = "convert it: keytool -importkeystore -srckeystore FILE -srcstoretype TYPE -destkeystore NEW.p12 -deststoretype PKCS12"

// hint is what to do with a file of this format.
func (f format) hint() string {
	switch f {
	case formatJCEKS:
		return strings.Replace(convert, "TYPE", "JCEKS", 1)
	case formatBCFKS:
		return strings.Replace(convert, "TYPE", "BCFKS", 1) + " -providerpath bc-fips.jar -provider org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider"
	case formatBKS:
		return strings.Replace(convert, "TYPE", "BKS", 1) + " -providerpath bcprov.jar -provider org.bouncycastle.jce.provider.BouncyCastleProvider"
	case formatBER:
		return hintReexport
	case formatShort, formatEmpty:
		return hintCopyAgain
	case formatPKCS7:
		return "convert it: openssl pkcs7 -inform der -print_certs -in FILE -out ca.pem"
	case formatDER:
		return "convert it: openssl x509 -inform der -in FILE -out ca.pem"
	case formatDERKey:
		return "convert it: openssl pkey -inform der -in FILE -out key.pem, and put its certificates beside it"
	case formatBase64:
		return "decode it: base64 -d FILE > NEW"
	case formatUTF16:
		return "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW"
	case formatHTML, formatJSON:
		return "it may be the error page of a download: open it, and download again"
	case formatPEM, formatJKS, formatPKCS12, formatASN1, formatSSH, formatZip, formatText, formatBinary:
	}
	return "a store is PEM (-----BEGIN CERTIFICATE-----), JKS or PKCS12; see what it is: file FILE"
}

// refusal is why bytes of this format are no store here.
func (f format) refusal(data []byte) *Error {
	switch {
	case slices.Contains([]format{formatJCEKS, formatBKS, formatBCFKS, formatBER}, f):
		return refuse(Unsupported, f.hint(), "it is %s, which kafkactl does not read", f)
	case f == formatShort:
		return refuse(Truncated, f.hint(), "it is %s: %d bytes", f, len(data))
	case slices.Contains([]format{formatPEM, formatJKS, formatPKCS12}, f):
		return refuse(NotStore, "give a PEM file", "it is a %s store where PEM is expected", f)
	}
	return refuse(NotStore, f.hint(), "it is %s", f)
}

// identify says what bytes are.
func identify(data []byte) format {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return formatEmpty
	case bytes.HasPrefix(data, []byte("\xfe\xed\xfe\xed")):
		return formatJKS
	case bytes.HasPrefix(data, []byte("\xce\xce\xce\xce")):
		return formatJCEKS
	case data[0] == 0x30 && len(data) > 1 && (data[1] >= 0x80 || int(data[1])+2 == len(data)): // 0x30 is also the digit 0
		return identifyDER(data)
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return formatUTF16
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return formatZip
	case len(data) > 8 && bytes.HasPrefix(data, []byte{0, 0, 0}) && (data[3] == 1 || data[3] == 2):
		return formatBKS
	case bytes.Contains(data, []byte(pemBegin)):
		return formatPEM
	case bytes.IndexFunc(data, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n\f", r) }) >= 0:
		return formatBinary
	}
	return identifyText(bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))), data)
}

// identifyText says what text without PEM is. lower is the text in lower case.
func identifyText(lower, data []byte) format {
	begin := func(s string) bool { return bytes.HasPrefix(lower, []byte(s)) }
	switch {
	case begin("<"):
		return formatHTML
	case begin("{"), begin("["):
		return formatJSON
	case begin("ssh-"), begin("ecdsa-sha2-"):
		return formatSSH
	}
	if _, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), "")); err == nil && len(data) > 64 {
		return formatBase64
	}
	return formatText
}

// identifyDER says what a SEQUENCE is.
func identifyDER(data []byte) format {
	if data[1] == 0x80 {
		return formatBER
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(data, &outer); err != nil {
		return formatShort
	}
	var first, second asn1.RawValue
	rest, err := asn1.Unmarshal(outer.Bytes, &first)
	if err != nil {
		return formatASN1
	}
	_, _ = asn1.Unmarshal(rest, &second) // not there: it stays empty
	switch {
	case bytes.Equal(first.FullBytes, []byte{2, 1, 3}) && second.Tag == asn1.TagSequence:
		return formatPKCS12
	case isCertificate(outer.FullBytes):
		return formatDER
	case isKey(outer.FullBytes), first.Tag == asn1.TagSequence && second.Tag == asn1.TagOctetString:
		return formatDERKey
	case isSigned(first):
		return formatPKCS7
	case first.Tag == asn1.TagSequence && second.Tag == asn1.TagSequence && bytes.HasPrefix(first.Bytes, []byte{0x30}):
		return formatBCFKS
	}
	return formatASN1
}

func isCertificate(der []byte) bool {
	_, err := x509.ParseCertificate(der)
	return err == nil
}

func isKey(der []byte) bool {
	_, err := parseKey(der)
	return err == nil
}

func isSigned(first asn1.RawValue) bool {
	var oid asn1.ObjectIdentifier
	_, err := asn1.Unmarshal(first.FullBytes, &oid)
	return err == nil && oid.String() == "1.2.840.113549.1.7.2"
}
