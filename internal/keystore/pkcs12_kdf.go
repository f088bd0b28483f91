package keystore

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"unicode/utf16"
)

// What a key of PKCS12 is for: RFC 7292, appendix B.3.
const (
	kdfKey byte = 1
	kdfIV  byte = 2
	kdfMAC byte = 3
)

// pkcs12KDF makes keys of a password by RFC 7292, appendix B.2. The letters are those of the RFC.
type pkcs12KDF struct {
	hash           func() hash.Hash
	salt, password []byte
	iterations     int
}

func (k pkcs12KDF) derive(purpose byte, size int) []byte {
	h := k.hash()
	v := h.BlockSize()
	d := bytes.Repeat([]byte{purpose}, v)
	i := append(repeated(k.salt, v), repeated(k.password, v)...)
	var found []byte
	for {
		h.Reset()
		h.Write(d)
		h.Write(i)
		a := h.Sum(nil)
		for range k.iterations - 1 {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		if found = append(found, a...); len(found) >= size {
			return found[:size]
		}
		b := repeated(a, v)[:v]
		for j := 0; j < len(i); j += v {
			addOne(i[j:j+v], b)
		}
	}
}

// repeated is a text as often as it takes to fill whole blocks; nothing stays nothing.
func repeated(text []byte, block int) []byte {
	if len(text) == 0 {
		return nil
	}
	size := (len(text) + block - 1) / block * block
	return bytes.Repeat(text, (size+len(text)-1)/len(text))[:size]
}

// addOne makes a block that block plus b plus 1, without what does not fit.
func addOne(block, b []byte) {
	carry := 1
	for n := len(block) - 1; n >= 0; n-- {
		carry += int(block[n]) + int(b[n])
		block[n] = byte(carry)
		carry >>= 8
	}
}

// bmpPassword is a password as the algorithms of PKCS12 want it: UTF-16 and a zero at the end.
func bmpPassword(password string) []byte { return append(utf16Password(password), 0, 0) }

// utf16Password is a password as Java's chars, which JKS takes.
func utf16Password(password string) []byte {
	var found []byte
	for _, unit := range utf16.Encode([]rune(password)) {
		found = append(found, byte(unit>>8), byte(unit))
	}
	return found
}

// digestHash is the hash of a MAC of PKCS12, nil for an unknown one.
func digestHash(oid string) func() hash.Hash {
	switch oid {
	case "1.3.14.3.2.26":
		return sha1.New
	case "2.16.840.1.101.3.4.2.4":
		return sha256.New224
	case "2.16.840.1.101.3.4.2.1":
		return sha256.New
	case "2.16.840.1.101.3.4.2.2":
		return sha512.New384
	case "2.16.840.1.101.3.4.2.3":
		return sha512.New
	case "2.16.840.1.101.3.4.2.5":
		return sha512.New512_224
	case "2.16.840.1.101.3.4.2.6":
		return sha512.New512_256
	}
	return nil
}
