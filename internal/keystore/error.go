package keystore

import "fmt"

// Reason says what an [Error] is about, for a caller who knows which setting to name.
type Reason string

// The reasons.
const (
	WrongPassword     Reason = "wrong password"
	WrongKeyPassword  Reason = "wrong key password"
	PasswordNeeded    Reason = "password needed"
	KeyPasswordNeeded Reason = "key password needed"
	UnwantedPassword  Reason = "unwanted password" // a store password with PEM, which Kafka refuses
	Truncated         Reason = "truncated"
	Damaged           Reason = "damaged"
	NotStore          Reason = "not a store"     // something else, which the message names
	Unsupported       Reason = "unsupported"     // a store or a protection that is not read here
	NoCertificates    Reason = "no certificates" // nothing that a truststore would trust
	NoKey             Reason = "no key"
	ManyKeys          Reason = "many keys"
	Mismatch          Reason = "key and certificates do not match"
)

// Error is why a store was refused. Neither part holds a password, nor a piece of a key; names of
// certificates and aliases are in them.
type Error struct {
	Reason  Reason
	Message string // what is wrong, without the file, which the caller knows
	Hint    string // what to do, often a command line with FILE for the path; may be empty
}

// Error returns the message without the hint.
func (e *Error) Error() string { return e.Message }

func refuse(reason Reason, hint, format string, args ...any) *Error {
	return &Error{Reason: reason, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// Command lines that more than one refusal gives.
const (
	hintList     = "try the password with: keytool -list -keystore FILE"
	hintReexport = "write it again: openssl pkcs12 -in FILE -nodes -out all.pem, then openssl pkcs12 -export -in all.pem -out NEW.p12 " +
		"(all.pem has the key in it: remove it)"
	hintPKCS8       = "convert it: openssl pkcs8 -topk8 -in FILE -out key.pem"
	hintOnePassword = "give the store and its key one password of ASCII characters: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12"
	hintKeyStore    = "a key store has a private key and its certificates: openssl pkcs12 -export -inkey key.pem -in chain.pem -out NEW.p12; " +
		"a store of certificates alone is a truststore"
	hintCopyAgain = "copy the file again, as binary, and compare the sizes"
)

func truncated(format string, args ...any) *Error {
	return refuse(Truncated, hintCopyAgain, format, args...)
}

func wrongPassword() *Error {
	return refuse(WrongPassword, hintList, "the store password is wrong, or the file was changed")
}

func wrongKeyPassword() *Error {
	return refuse(WrongKeyPassword, "try it with: openssl pkey -in FILE -noout", "the key password is not that of the private key")
}

func noKey(f format) *Error {
	return refuse(NoKey, hintKeyStore, "it is a %s store without a private key", f)
}
