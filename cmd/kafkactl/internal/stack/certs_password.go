package stack

import (
	"fmt"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
)

// addPassword gives the request the password of the user. One of the directory is read, or made, by
// dirPassword.
func (o *certsOptions) addPassword(r *certificates.Request) error {
	if o.passwordFile == "" {
		return nil
	}
	if !o.p12 && !o.jks {
		return cli.Usagef("--password-file is for --p12 and --jks")
	}
	text, err := cli.ReadPasswordFile("--password-file", o.passwordFile)
	if err != nil {
		return err
	}
	r.Password = passwordOf(text)
	if err := certificates.CheckPassword(r.Password); err != nil {
		return cli.AsUsage(fmt.Errorf("%s: %w", o.passwordFile, err))
	}
	return nil
}

// dirPassword gives a request for stores without a password the one of the directory, or a new one.
func (o *certsOptions) dirPassword(r *certificates.Request, found map[string]certificates.Found) error {
	if r.Password != "" || !r.PKCS12 && !r.JKS {
		return nil
	}
	r.KeepPassword = true
	if stored := found[certificates.PasswordFile]; stored.Content != nil {
		r.Password = passwordOf(stored.Content)
		if err := certificates.CheckPassword(r.Password); err != nil {
			return fmt.Errorf("%s: %w", o.path(certificates.PasswordFile), err)
		}
		return nil
	}
	password, err := certificates.NewPassword()
	r.Password = password
	return err
}

// passwordOf is the content of a password file without the end of its line.
func passwordOf(text []byte) string { return strings.TrimRight(string(text), "\r\n") }
