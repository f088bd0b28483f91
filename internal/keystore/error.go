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
	hintPKCS8     = "convert it: openssl pkcs8 -topk8 -in FILE -out key.pem"
	hintCopyAgain = "copy the file again, as binary, and compare the sizes"
)

func truncated(format string, args ...any) *Error {
	return refuse(Truncated, hintCopyAgain, format, args...)
}
