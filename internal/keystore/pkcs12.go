package keystore

import (
	"crypto/hmac"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// The structures of RFC 7292.
type pfx struct {
	Version  int
	AuthSafe contentInfo
	MAC      macData `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
}

type macData struct {
	Digest     digestInfo
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

type digestInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Digest    []byte
}

type encryptedData struct {
	Version int
	Info    encryptedContent
}

type encryptedContent struct {
	Type      asn1.ObjectIdentifier
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte `asn1:"tag:0,optional"`
}

// pbmac1Params are of RFC 9579.
type pbmac1Params struct {
	KDF pkix.AlgorithmIdentifier
	MAC pkix.AlgorithmIdentifier
}

// The types of content.
const (
	oidData          = "1.2.840.113549.1.7.1"
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidEncryptedData = "1.2.840.113549.1.7.6"
)

func damagedPKCS12() *Error {
	return refuse(Damaged, hintReexport, "it is a PKCS12 store that is damaged, or not in DER")
}

// readPKCS12 reads the bags of all parts. Keys stay protected.
func (s *store) readPKCS12(data []byte, password string) *Error {
	var file pfx
	if _, err := asn1.Unmarshal(data, &file); err != nil {
		return damagedPKCS12()
	}
	if file.AuthSafe.Type.String() != oidData {
		return refuse(Unsupported, hintReexport, "it is a PKCS12 store that a certificate protects, not a password")
	}
	var safe []byte
	if _, err := asn1.Unmarshal(file.AuthSafe.Content.Bytes, &safe); err != nil {
		return damagedPKCS12()
	}
	if err := s.verifyMAC(file.MAC, safe, password); err != nil {
		return err
	}
	var parts []contentInfo
	if _, err := asn1.Unmarshal(safe, &parts); err != nil {
		return damagedPKCS12()
	}
	var bags bagReader
	for _, part := range parts {
		plain, err := s.openPart(part, password)
		if err != nil {
			return err
		}
		if err := bags.read(plain); err != nil {
			return err
		}
	}
	bags.into(s)
	return nil
}

// openPart returns the bags of a part, decrypted.
func (s *store) openPart(part contentInfo, password string) ([]byte, *Error) {
	switch part.Type.String() {
	case oidData:
		var plain []byte
		if _, err := asn1.Unmarshal(part.Content.Bytes, &plain); err != nil {
			return nil, damagedPKCS12()
		}
		return plain, nil
	case oidEncryptedData:
		var sealed encryptedData
		if _, err := asn1.Unmarshal(part.Content.Bytes, &sealed); err != nil {
			return nil, damagedPKCS12()
		}
		plain, err := s.budget.decrypt(sealed.Info.Algorithm, sealed.Info.Data, password)
		if err != nil && err.Reason == WrongPassword && password == "" {
			return nil, passwordNeeded()
		}
		return plain, err
	}
	return nil, refuse(Unsupported, hintReexport, "it is a PKCS12 store with a part that a certificate protects, not a password")
}

func passwordNeeded() *Error {
	return refuse(PasswordNeeded, hintList, "it is a PKCS12 store with a password, and none is given")
}

// verifyMAC proves the password. A file without a MAC has nothing to prove it with, and takes any,
// as in Java.
func (s *store) verifyMAC(m macData, content []byte, password string) *Error {
	if len(m.Digest.Algorithm.Algorithm) == 0 {
		return nil
	}
	candidates := [][]byte{bmpPassword(password)}
	if password == "" {
		candidates = append(candidates, nil) // some write the empty password without its zero
	}
	for _, candidate := range candidates {
		mac, err := s.mac(m, content, password, candidate)
		if err != nil {
			return err
		}
		if hmac.Equal(mac, m.Digest.Digest) {
			s.proven = true
			return nil
		}
	}
	if password == "" {
		return passwordNeeded()
	}
	return wrongPassword()
}

// mac is the MAC of the content under a password.
func (s *store) mac(m macData, content []byte, password string, bmp []byte) ([]byte, *Error) {
	oid := m.Digest.Algorithm.Algorithm.String()
	var key []byte
	algorithm := digestHash(oid)
	switch {
	case oid == "1.2.840.113549.1.5.14": // PBMAC1
		var params pbmac1Params
		if _, err := asn1.Unmarshal(m.Digest.Algorithm.Parameters.FullBytes, &params); err != nil {
			return nil, badParameters()
		}
		if algorithm = hmacHash(params.MAC.Algorithm.String()); algorithm == nil {
			return nil, unknownProtection("the MAC", params.MAC.Algorithm.String())
		}
		var err *Error
		if key, err = s.budget.pbkdf2(params.KDF, password, 0); err != nil {
			return nil, err
		}
	case algorithm == nil:
		return nil, unknownProtection("the MAC", oid)
	default:
		if err := s.budget.take(m.Iterations); err != nil {
			return nil, err
		}
		kdf := pkcs12KDF{hash: algorithm, salt: m.Salt, password: bmp, iterations: m.Iterations}
		key = kdf.derive(kdfMAC, algorithm().Size())
	}
	h := hmac.New(algorithm, key)
	h.Write(content)
	return h.Sum(nil), nil
}
