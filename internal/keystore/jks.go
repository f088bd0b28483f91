package keystore

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"strings"
)

// jksReader reads the numbers and texts of a JKS file. After the first that is not there it is short,
// and returns zeros.
type jksReader struct {
	data  []byte
	at    int
	short bool
}

// bytes returns the next n. A length is never believed: the file must have as much.
func (r *jksReader) bytes(n uint64) []byte {
	if r.short || n > uint64(len(r.data)-r.at) {
		r.short = true
		return nil
	}
	found := r.data[r.at : r.at+int(n)]
	r.at += int(n)
	return found
}

func (r *jksReader) uint32() uint64 {
	if b := r.bytes(4); b != nil {
		return uint64(binary.BigEndian.Uint32(b))
	}
	return 0
}

func (r *jksReader) text() string {
	b := r.bytes(2)
	if b == nil {
		return ""
	}
	return strings.ToValidUTF8(string(r.bytes(uint64(binary.BigEndian.Uint16(b)))), "?")
}

// readJKS reads Sun's JKS (sun.security.provider.JavaKeyStore). Without a password its digest is not
// verified.
func (s *store) readJKS(data []byte, password string) *Error {
	r := &jksReader{data: data, at: 4}
	version := r.uint32()
	if version != 1 && version != 2 && !r.short {
		return refuse(Damaged, hintCopyAgain, "it begins as JKS and has the unknown version %d", version)
	}
	entries := r.uint32()
	var done uint64
	for ; done < entries && !r.short; done++ {
		if err := s.readJKSEntry(r, version); err != nil {
			return err
		}
	}
	body := r.at
	digest := r.bytes(sha1.Size)
	if r.short {
		return truncated("it is a JKS store that ends too early: %d bytes, in entry %d of %d", len(data), max(done, 1), entries)
	}
	if password == "" {
		return nil
	}
	h := sha1.New()
	h.Write(utf16Password(password))
	h.Write([]byte("Mighty Aphrodite"))
	h.Write(data[:body])
	if !bytes.Equal(h.Sum(nil), digest) {
		return wrongPassword()
	}
	return nil
}

// The kinds of entries.
const (
	jksKey         = 1
	jksCertificate = 2
)

func (s *store) readJKSEntry(r *jksReader, version uint64) *Error {
	kind := r.uint32()
	alias := r.text()
	r.bytes(8) // when it was made
	switch {
	case r.short:
		return nil
	case kind == jksCertificate:
		c, err := r.certificate(alias, version, 1)
		if c != nil {
			s.trusted = append(s.trusted, c)
		}
		return err
	case kind != jksKey:
		return refuse(Damaged, hintCopyAgain, "it is a JKS store with an entry of the unknown kind %d", kind)
	}
	k := storedKey{alias: alias, protected: r.bytes(r.uint32())}
	count := r.uint32()
	for n := uint64(1); n <= count && !r.short; n++ {
		c, err := r.certificate(alias, version, int(n))
		if err != nil {
			return err
		}
		if c != nil {
			k.chain = append(k.chain, c)
		}
	}
	if len(k.chain) > 0 {
		k.leaf = k.chain[0]
	}
	s.keys = append(s.keys, k)
	return nil
}

// certificate is nil past the end.
func (r *jksReader) certificate(alias string, version uint64, n int) (*x509.Certificate, *Error) {
	if version == 2 {
		if kind := r.text(); !r.short && kind != "X.509" && kind != "X509" {
			return nil, refuse(Unsupported, "take it out: keytool -delete -alias "+shellWord(alias)+" -keystore FILE", "the certificate %q is not an X.509 certificate", alias)
		}
	}
	der := r.bytes(r.uint32())
	if r.short {
		return nil, nil
	}
	return parseCertificate(der, n, fmt.Sprintf(" of %q", alias))
}

// openJKSKey decrypts a private key of JKS (sun.security.provider.KeyProtector): a salt, the key under a chain of
// SHA-1, and a digest of the password and the key.
func openJKSKey(der []byte, password string) ([]byte, *Error) {
	var info encryptedKey
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, refuse(Damaged, hintCopyAgain, "its private key cannot be read")
	}
	if !isJKSProtection(info.Algorithm) {
		return nil, unknownProtection("the algorithm", info.Algorithm.Algorithm.String())
	}
	size := len(info.Data) - 2*sha1.Size
	if size < 0 {
		return nil, refuse(Damaged, hintCopyAgain, "its private key is not whole")
	}
	secret := utf16Password(password)
	digest, plain := info.Data[:sha1.Size], bytes.Clone(info.Data[sha1.Size:sha1.Size+size])
	for at := 0; at < size; at += sha1.Size {
		sum := sha1.Sum(append(bytes.Clone(secret), digest...))
		digest = sum[:]
		for i := at; i < min(at+sha1.Size, size); i++ {
			plain[i] ^= digest[i-at]
		}
	}
	if sum := sha1.Sum(append(bytes.Clone(secret), plain...)); !bytes.Equal(sum[:], info.Data[sha1.Size+size:]) {
		return nil, wrongKeyPassword()
	}
	return plain, nil
}

func isJKSProtection(algorithm pkix.AlgorithmIdentifier) bool {
	return algorithm.Algorithm.String() == "1.3.6.1.4.1.42.2.17.1.1"
}
