package keystore

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// A store that asks for more rounds than anyone writes is refused before the first, in whichever
// part it asks.
func TestIterations(t *testing.T) {
	t.Parallel()
	const rounds = 1<<31 - 1
	pbkdf2 := algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, pbkdf2Params{Salt: []byte("salt"), Iterations: rounds, KeyLength: 32})
	pbes2 := algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, pbes2Params{
		KDF: pbkdf2, Scheme: algorithm(t, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, make([]byte, 16)),
	})
	desOf := func(rounds int) pkix.AlgorithmIdentifier {
		return algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}, saltAndRounds{Salt: []byte("salt"), Iterations: rounds})
	}
	sha1MAC := macData{Digest: digestInfo{Algorithm: pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}}, Digest: make([]byte, 20)}, Salt: []byte("salt"), Iterations: rounds}
	pbmac := macData{Digest: digestInfo{Algorithm: algorithm(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 14}, pbmac1Params{
		KDF: pbkdf2, MAC: pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}},
	}), Digest: make([]byte, 32)}, Salt: []byte("salt")}
	for name, data := range map[string][]byte{
		"MAC":           pkcs12Of(t, sha1MAC),
		"PBMAC1":        pkcs12Of(t, pbmac),
		"certificates":  pkcs12Of(t, macData{}, sealedPart(t, pbes2)),
		"old algorithm": pkcs12Of(t, macData{}, sealedPart(t, desOf(rounds))),
		"key":           pkcs12Of(t, macData{}, keyPart(t, pbes2)),
		"zero":          pkcs12Of(t, macData{}, keyPart(t, desOf(0))),
		"negative":      pkcs12Of(t, macData{}, keyPart(t, desOf(-1))),
		"second part":   pkcs12Of(t, macData{}, keyPart(t, desOf(0)), sealedPart(t, pbes2)),
	} {
		_, err := Identities(data, storePassword, "")
		if got := reasonOf(t, err); got != string(Unsupported) && got != string(Damaged) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	var b budget
	for part, want := range []bool{true, true, false} {
		if err := b.take(maxIterations / 2); (err == nil) != want {
			t.Errorf("part %d of a store with half of the rounds each: %v", part, err)
		}
	}
}

// A length of 4 GB in a file of some bytes reserves none of it.
func TestJKSLengths(t *testing.T) {
	data := readStore(t, "testdata", "keytool.jks")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for at := 8; at+4 <= len(data) && at < 400; at++ {
		hostile := slices.Clone(data)
		binary.BigEndian.PutUint32(hostile[at:], 0xfffffff0)
		_, err := Identities(hostile, storePassword, "")
		reasonOf(t, err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MB reserved", used>>20)
	}
}

// Whatever the bytes, a store is read or refused with an Error, in bounded time.
func FuzzStores(f *testing.F) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if stat := filepath.Base(file); stat != "fuzz" {
			f.Add(readStore(f, "testdata", stat), storePassword, keyPassword)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, password, key string) {
		if len(data) > 1<<16 || asksMuch(data) {
			return
		}
		if found, err := Trust(data, password); err == nil && len(found) == 0 {
			t.Fatal("nothing trusted, and no error")
		} else if err != nil {
			reasonOfAny(t, err)
		}
		if found, err := Identities(data, password, key); err != nil {
			reasonOfAny(t, err)
		} else {
			for _, one := range found {
				if one.Leaf == nil || one.PrivateKey == nil || len(one.Certificate) == 0 {
					t.Fatalf("%+v is not whole", one)
				}
			}
		}
		if _, err := IdentityPEM(data, data, key); err != nil {
			reasonOfAny(t, err)
		}
	})
}
