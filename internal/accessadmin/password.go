package accessadmin

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// Secrets is where passwords are. The zero value has no environment, and reads and makes files of this machine; a
// relative path is relative to the working directory.
type Secrets struct {
	// LookupEnv is [os.LookupEnv].
	LookupEnv func(name string) (string, bool)
	// ReadFile is [os.ReadFile]; nil is that.
	ReadFile func(path string) ([]byte, error)
	// CreateFile makes a file that was not there, whole or not at all; the error is fs.ErrExist for one that was. Nil is
	// [CreatePrivate].
	CreateFile func(path string, data []byte) error
}

// PasswordError is a password that cannot be had. Its text names where it should be, and no part of it.
type PasswordError struct {
	User   string
	Source topicspec.PasswordSource
	Text   string // `$ORDER_PASSWORD is not set`
	Cause  error  // of a file, nil otherwise
}

// Error names the user first.
func (e *PasswordError) Error() string { return "password of user " + e.User + ": " + e.Text }

// Unwrap returns the cause.
func (e *PasswordError) Unwrap() error { return e.Cause }

// Password returns the password that a source has. One that is to be generated, and is not there yet, is no secret at all
// and no error. The error is a [*PasswordError].
func (s Secrets) Password(user string, source topicspec.PasswordSource) (properties.Secret, error) {
	refused := func(text string, cause error) (properties.Secret, error) {
		return properties.Secret{}, &PasswordError{User: user, Source: source, Text: text, Cause: cause}
	}
	if source.Env != "" {
		value, set := "", false
		if s.LookupEnv != nil {
			value, set = s.LookupEnv(source.Env)
		}
		switch {
		case !set:
			return refused("$"+source.Env+" is not set", nil)
		case value == "":
			return refused("$"+source.Env+" is empty", nil)
		}
		return properties.NewSecret(value), nil
	}
	path := source.File + source.Generate
	data, err := s.read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && source.Generate != "":
		return properties.Secret{}, nil
	case err != nil:
		return refused("cannot read "+path+": "+reasonOf(err), err)
	}
	value := withoutNewline(string(data))
	if value == "" {
		return refused(path+" is empty", nil)
	}
	return properties.NewSecret(value), nil
}

func (s Secrets) read(path string) ([]byte, error) {
	if s.ReadFile == nil {
		return os.ReadFile(path)
	}
	return s.ReadFile(path)
}

// withoutNewline cuts one newline at the end, as editors and echo put it there, also that of Windows.
func withoutNewline(text string) string {
	if cut, found := strings.CutSuffix(text, "\n"); found {
		return strings.TrimSuffix(cut, "\r")
	}
	return text
}

// reasonOf returns why a file could not be used, without the path that the message has already.
func reasonOf(err error) string {
	if path, found := errors.AsType[*fs.PathError](err); found {
		return path.Err.Error()
	}
	return err.Error()
}

// wanted is the password that a user shall have.
type wanted struct {
	password properties.Secret // none when it is not generated yet
	source   topicspec.PasswordSource
}

// Check returns nil when all passwords can be had that the file asks for, or generated. The error has all that cannot.
func (s Secrets) Check(desired topicspec.DesiredAccess) error {
	_, err := s.passwords(desired)
	return err
}

// passwords returns those of the declared users, by name. The error has all that cannot be had.
func (k *Keeper) passwords() (map[string]wanted, error) { return k.secrets.passwords(k.desired) }

func (s Secrets) passwords(desired topicspec.DesiredAccess) (map[string]wanted, error) {
	found := make(map[string]wanted)
	var missing []error
	if !desired.Managed() {
		return found, nil
	}
	for _, service := range desired.Services {
		name := userName(service.Principal)
		if _, known := found[name]; known || name == "" || service.Absent || service.Scram == nil {
			continue
		}
		password, err := s.Password(name, service.Scram.Password)
		if err != nil {
			missing = append(missing, err)
		}
		found[name] = wanted{password, service.Scram.Password}
	}
	return found, errors.Join(missing...)
}
