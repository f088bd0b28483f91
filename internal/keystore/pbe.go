package keystore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"hash"
)

// maxIterations is how many rounds one store may ask for, all its parts together: two to three seconds. Java takes
// as many for each part (PKCS12KeyStore.MAX_ITERATION_COUNT); keytool writes 10,000 and OpenSSL 2,048.
const maxIterations = 5_000_000

// budget counts the rounds that a store has had.
type budget struct{ spent int }

// take refuses rounds that are not in the budget.
func (b *budget) take(iterations int) *Error {
	if iterations < 1 {
		return refuse(Damaged, "", "it asks for %d rounds of its password", iterations)
	}
	if iterations > maxIterations-b.spent {
		return refuse(Unsupported, hintReexport, "it asks for %d rounds of its password; kafkactl does %d for a store, as Java does for each of its parts",
			iterations, maxIterations)
	}
	b.spent += iterations
	return nil
}

// encryptedKey is EncryptedPrivateKeyInfo of RFC 5208.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// openKey decrypts an EncryptedPrivateKeyInfo, of PEM or of PKCS12.
func (b *budget) openKey(der []byte, password string) ([]byte, *Error) {
	var info encryptedKey
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, refuse(Damaged, "", "its encrypted private key cannot be read")
	}
	plain, err := b.decrypt(info.Algorithm, info.Data, password)
	if err != nil {
		if err.Reason == WrongPassword {
			return nil, wrongKeyPassword()
		}
		return nil, err
	}
	// One wrong password in 256 leaves the padding of a right one.
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(plain, &outer); err != nil || len(rest) > 0 || outer.Tag != asn1.TagSequence {
		return nil, wrongKeyPassword()
	}
	return plain, nil
}

func wrongKeyPassword() *Error {
	return refuse(WrongKeyPassword, "try it with: openssl pkey -in FILE -noout", "the key password is not that of the private key")
}

// decrypt opens data that a password protects, by the algorithms of PKCS12 and PBES2.
func (b *budget) decrypt(algorithm pkix.AlgorithmIdentifier, data []byte, password string) ([]byte, *Error) {
	block, iv, err := b.cipher(algorithm, password)
	if err != nil {
		return nil, err
	}
	size := block.BlockSize()
	if len(iv) != size || len(data) == 0 || len(data)%size != 0 {
		return nil, refuse(Damaged, hintCopyAgain, "an encrypted part is not whole")
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > size {
		return nil, wrongPassword()
	}
	for _, c := range plain[len(plain)-padding:] {
		if int(c) != padding {
			return nil, wrongPassword()
		}
	}
	return plain[:len(plain)-padding], nil
}

func wrongPassword() *Error {
	return refuse(WrongPassword, hintList, "the store password is wrong, or the file was changed")
}

// saltAndRounds are the parameters of the algorithms of PKCS12.
type saltAndRounds struct {
	Salt       []byte
	Iterations int
}

// cipher returns the block cipher of an algorithm with the key that the password makes, and its first
// vector.
func (b *budget) cipher(algorithm pkix.AlgorithmIdentifier, password string) (cipher.Block, []byte, *Error) {
	oid := algorithm.Algorithm.String()
	if oid == "1.2.840.113549.1.5.13" {
		return b.pbes2(algorithm.Parameters.FullBytes, password)
	}
	var keySize int
	newBlock := des.NewTripleDESCipher
	switch oid {
	case "1.2.840.113549.1.12.1.3": // pbeWithSHAAnd3-KeyTripleDES-CBC
		keySize = 24
	case "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6": // pbeWithSHAAnd128BitRC2-CBC, 40
		keySize, newBlock = 16, newRC2
		if oid[len(oid)-1] == '6' {
			keySize = 5
		}
	default:
		return nil, nil, unknownProtection("the algorithm", oid)
	}
	var params saltAndRounds
	if _, err := asn1.Unmarshal(algorithm.Parameters.FullBytes, &params); err != nil {
		return nil, nil, badParameters()
	}
	if err := b.take(params.Iterations); err != nil {
		return nil, nil, err
	}
	kdf := pkcs12KDF{hash: sha1.New, salt: params.Salt, password: bmpPassword(password), iterations: params.Iterations}
	block, err := newBlock(kdf.derive(kdfKey, keySize))
	if err != nil {
		return nil, nil, badParameters()
	}
	return block, kdf.derive(kdfIV, 8), nil
}

func badParameters() *Error {
	return refuse(Damaged, "", "the parameters of an encrypted part cannot be read")
}

func unknownProtection(what, oid string) *Error {
	return refuse(Unsupported, hintReexport,
		"%s that protects it, %s, is not one that kafkactl knows", what, oid)
}

// pbes2Params and pbkdf2Params are of RFC 8018.
type pbes2Params struct {
	KDF    pkix.AlgorithmIdentifier
	Scheme pkix.AlgorithmIdentifier
}

type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// pbes2 is the cipher of what new versions of OpenSSL and keytool write.
func (b *budget) pbes2(parameters []byte, password string) (cipher.Block, []byte, *Error) {
	var params pbes2Params
	if _, err := asn1.Unmarshal(parameters, &params); err != nil {
		return nil, nil, badParameters()
	}
	var keySize int
	newBlock := aes.NewCipher
	switch oid := params.Scheme.Algorithm.String(); oid {
	case "2.16.840.1.101.3.4.1.2":
		keySize = 16
	case "2.16.840.1.101.3.4.1.22":
		keySize = 24
	case "2.16.840.1.101.3.4.1.42":
		keySize = 32
	case "1.2.840.113549.3.7": // des-ede3-cbc
		keySize, newBlock = 24, des.NewTripleDESCipher
	default:
		return nil, nil, unknownProtection("the cipher", oid)
	}
	key, refusal := b.pbkdf2(params.KDF, password, keySize)
	if refusal != nil {
		return nil, nil, refusal
	}
	var iv []byte
	block, err := newBlock(key)
	if _, bad := asn1.Unmarshal(params.Scheme.Parameters.FullBytes, &iv); bad != nil || err != nil {
		return nil, nil, badParameters()
	}
	return block, iv, nil
}

// pbkdf2 makes a key of a password, which is UTF-8 here, unlike in the algorithms of PKCS12. A size of 0 is
// that of the parameters.
func (b *budget) pbkdf2(kdf pkix.AlgorithmIdentifier, password string, size int) ([]byte, *Error) {
	if oid := kdf.Algorithm.String(); oid != "1.2.840.113549.1.5.12" {
		return nil, unknownProtection("the derivation", oid)
	}
	var params pbkdf2Params
	if _, err := asn1.Unmarshal(kdf.Parameters.FullBytes, &params); err != nil {
		return nil, badParameters()
	}
	if size == 0 {
		size = params.KeyLength
		if size < 20 || size > 64 { // RFC 9579: below, a MAC can be guessed
			return nil, badParameters()
		}
	}
	prf := sha1.New
	if len(params.PRF.Algorithm) > 0 {
		if prf = hmacHash(params.PRF.Algorithm.String()); prf == nil {
			return nil, unknownProtection("the function", params.PRF.Algorithm.String())
		}
	}
	if err := b.take(params.Iterations); err != nil {
		return nil, err
	}
	key, err := pbkdf2.Key(prf, password, params.Salt, params.Iterations, size)
	if err != nil {
		return nil, badParameters()
	}
	return key, nil
}

// hmacHash is the hash of id-hmacWith…, nil for an unknown one.
func hmacHash(oid string) func() hash.Hash {
	switch oid {
	case "1.2.840.113549.2.7":
		return sha1.New
	case "1.2.840.113549.2.8":
		return sha256.New224
	case "1.2.840.113549.2.9":
		return sha256.New
	case "1.2.840.113549.2.10":
		return sha512.New384
	case "1.2.840.113549.2.11":
		return sha512.New
	case "1.2.840.113549.2.12":
		return sha512.New512_224
	case "1.2.840.113549.2.13":
		return sha512.New512_256
	}
	return nil
}
