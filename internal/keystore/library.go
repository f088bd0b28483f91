package keystore

import (
	"errors"
	"strings"
)

var errPanicked = errors.New("panic")

// guarded calls a library, and turns its panic into an error. youmark/pkcs8 panics where an encrypted key is not in
// whole blocks, or its first vector has another size; keystore-go where a protected key is shorter than its
// digests. What the panic says is not repeated: it could have bytes of a key.
func guarded(call func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	return call()
}

// says reports whether a library's error has these words. They have no types for these; the tables of the tests
// pin the words.
func says(err error, words string) bool {
	return err != nil && strings.Contains(err.Error(), words)
}
