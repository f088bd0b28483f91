package stack

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
	"kafkactl/internal/embedded"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
)

const (
	// nodeName has the certificate of all brokers.
	nodeName = "kafka"
	// clientName has the certificate of a client, and the client.properties of the first user.
	clientName = "client"
)

// devSecured is a directory with all that brokers and clients need. The zero value is for PLAINTEXT.
type devSecured struct {
	*devSecurity
	files     *certsOptions
	dir       string // absolute
	passwords map[string]string

	brokers embedded.Security
	client  kafka.Security // of this program's own clients
}

// prepare makes the files, as far as they are not there, and returns what ends with the command: a temporary
// directory.
func (s *devSecurity) prepare(ctx context.Context, app *cli.App, dataDir, advertised string) (secured *devSecured, end func(), err error) {
	none := func() {}
	if !s.wanted() {
		return &devSecured{devSecurity: s}, none, nil
	}
	dir := s.directory(dataDir)
	end = none
	if dir == "" {
		if dir, err = os.MkdirTemp("", "kafkactl-dev-"); err != nil {
			return nil, none, fmt.Errorf("make a temporary directory: %w", err)
		}
		end = func() { _ = os.RemoveAll(dir) }
	}
	d := &devSecured{devSecurity: s, files: &certsOptions{app: app, dirFlag: "--security-dir", dir: dir}, passwords: map[string]string{}}
	if err = d.make(ctx, advertised); err != nil {
		end()
		return nil, none, err
	}
	return d, end, nil
}

func (d *devSecured) make(ctx context.Context, advertised string) (err error) {
	if d.dir, err = filepath.Abs(d.files.dir); err != nil {
		return fmt.Errorf("find the directory %s: %w", d.files.dir, err)
	}
	if err = os.MkdirAll(d.dir, 0o700); err != nil {
		return d.files.unwritable(fmt.Errorf("make the directory %s: %w", d.files.dir, causeOf(err)))
	}
	if d.tls {
		if err = d.certify(ctx, advertised); err != nil {
			return err
		}
	}
	for _, user := range d.userFiles() {
		if err = d.addPassword(user); err != nil {
			return err
		}
	}
	d.brokers.Users = d.passwords
	if err = d.writeProperties(nil); err != nil {
		return err
	}
	client, err := properties.Parse(bytes.NewReader(d.propertiesOf(d.first(), nil)), properties.Source{File: d.path(clientName + ".properties")})
	if err == nil {
		d.client, err = kafka.NewSecurity(client, "")
	}
	return err
}

// certify makes the certificates, and reads those of the brokers.
func (d *devSecured) certify(ctx context.Context, advertised string) error {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if advertised != "" && !slices.Contains(hosts, advertised) {
		hosts = append(hosts, advertised)
	}
	_, err := d.files.make(ctx, certificates.Request{
		Nodes: []certificates.Node{{Name: nodeName, Hosts: hosts}}, Clients: []string{clientName},
		Lifetime: 365 * day, RenewBefore: 30 * day, Dir: d.dir, NoProperties: true,
	})
	if err != nil {
		return d.files.explain(err)
	}
	own, err := tls.LoadX509KeyPair(d.path(nodeName+".crt"), d.path(nodeName+".key"))
	if err != nil {
		return fmt.Errorf("read the brokers' certificate: %w", err)
	}
	authority, err := os.ReadFile(d.path("ca.crt"))
	if err != nil {
		return fmt.Errorf("read the CA certificate: %w", err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(authority)
	d.brokers.TLS = &tls.Config{
		Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12,
		ClientCAs: trusted, ClientAuth: tls.VerifyClientCertIfGiven,
	}
	if d.clientAuth {
		d.brokers.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return nil
}

// addPassword notes the password of a user, and leaves it in the directory.
func (d *devSecured) addPassword(user userFile) error {
	password, err := d.passwordOf(user)
	if err != nil {
		return cli.AsUsage(err)
	}
	d.passwords[user.name] = password
	return d.files.writeFile(user.name+".password", 0o600, []byte(password+"\n"))
}

// passwordOf finds the password of a user: in a file that was named, in the directory, or a new one.
func (d *devSecured) passwordOf(user userFile) (string, error) {
	flag, named := "--user "+user.name, cmp.Or(user.file, d.files.path(user.name+".password"))
	text, err := cli.ReadPasswordFile(flag, named)
	switch {
	case errors.Is(err, os.ErrNotExist) && user.file == "":
		return certificates.NewPassword()
	case err != nil:
		return "", err
	}
	password := passwordOf(text)
	if err := checkLoginPassword(password); err != nil {
		return "", fmt.Errorf("%s: %s: %w", flag, named, err)
	}
	return password, nil
}

// checkLoginPassword returns what is wrong with a password, with nothing of it.
func checkLoginPassword(password string) error {
	if password == "" {
		return errors.New("the password is empty")
	}
	if strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r > '~' }) {
		return errors.New("the password has characters other than printable ASCII: not all clients send them alike")
	}
	return nil
}

// writeProperties writes a client.properties for each user, and that of the first one under that name.
func (d *devSecured) writeProperties(brokers []string) error {
	for _, user := range d.userFiles() {
		if err := d.files.writeFile(user.name+".properties", 0o600, d.propertiesOf(user.name, brokers)); err != nil {
			return err
		}
	}
	return d.files.writeFile(clientName+".properties", 0o600, d.propertiesOf(d.first(), brokers))
}

// propertiesOf is the client.properties of a user, "" where nobody logs in.
func (d *devSecured) propertiesOf(user string, brokers []string) []byte {
	var settings [][2]string
	if len(brokers) > 0 {
		settings = append(settings, [2]string{"bootstrap.servers", strings.Join(brokers, ",")})
	}
	settings = append(settings, [2]string{"security.protocol", string(d.protocol())})
	if d.sasl {
		settings = append(settings, [2]string{"sasl.mechanism", d.mechanism}, [2]string{"sasl.jaas.config", d.jaas(user)})
	}
	if d.tls {
		settings = append(settings, certificates.StoreSettings(d.certificateName(), d.dir)...)
	}
	return certificates.PropertiesText("Made by kafkactl dev, which overwrites it.", settings)
}

// jaas is the sasl.jaas.config of a user.
func (d *devSecured) jaas(user string) string {
	return properties.JAAS(d.mechanism, user, properties.NewSecret(d.passwords[user])).Reveal()
}

// certificateName is whose certificate clients have, "" where they need none.
func (d *devSecured) certificateName() string {
	if d.clientAuth {
		return clientName
	}
	return ""
}

// first is the user of client.properties, "" where nobody logs in.
func (d *devSecured) first() string {
	for _, user := range d.userFiles() {
		return user.name
	}
	return ""
}

// propertiesFile is the client.properties as messages name it, "" where nobody needs one.
func (d *devSecured) propertiesFile() string {
	if !d.wanted() {
		return ""
	}
	return d.files.path(clientName + ".properties")
}

func (d *devSecured) path(name string) string { return filepath.Join(d.dir, name) }
