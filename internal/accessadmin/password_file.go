package accessadmin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

const (
	// passwordAlphabet needs no escape in JAAS, .properties, YAML, a shell or a URL. It has 64 characters, so that each
	// byte makes each of them equally often.
	passwordAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	passwordLength   = 32 // 192 bits
)

// generate returns a new password.
func generate() properties.Secret {
	text := make([]byte, passwordLength)
	_, _ = rand.Read(text) // which never fails: it ends the process instead
	for i, b := range text {
		text[i] = passwordAlphabet[int(b)%len(passwordAlphabet)]
	}
	return properties.NewSecret(string(text))
}

// make returns the password that a source has. One that is to be generated, and is not there, is written before it is
// returned; a file that is there is used, and never rewritten.
func (s Secrets) make(user string, source topicspec.PasswordSource) (properties.Secret, error) {
	password, err := s.Password(user, source)
	if err != nil || password.IsSet() {
		return password, err
	}
	create := s.CreateFile
	if create == nil {
		create = CreatePrivate
	}
	password = generate()
	err = create(source.Generate, []byte(password.Reveal()+"\n"))
	if errors.Is(err, fs.ErrExist) { // somebody was faster
		return s.Password(user, source)
	}
	if err != nil {
		return properties.Secret{}, &PasswordError{User: user, Source: source, Text: "cannot write " + source.Generate + ": " + reasonOf(err), Cause: err}
	}
	return password, nil
}

// CreatePrivate makes a file that its owner alone may read (0600), and its directory (0700) when that is not there. The
// file is there whole or not at all, also when this process is killed meanwhile. The error is fs.ErrExist for one that is
// there already, which stays as it is.
func CreatePrivate(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	temporary, err := os.CreateTemp(dir, "."+filepath.Base(path)+".") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) //nolint:errcheck // which has another name by then, or nobody needs it
	_, err = temporary.Write(data)
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err := os.Link(temporary.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return createExclusive(path, data) // a file system without links
}

// createExclusive makes a file, but not at one moment.
func createExclusive(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
