package stack

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
)

const certsLong = `Makes a CA for development and tests, and certificates of it: one for each node, as
server and client, one for each client. What is there and valid is kept; what ends soon
or has other names is renewed, with a new key. The CA is made once and then used, yours
too if you put ca.crt and ca.key there. No broker is asked, and neither openssl nor
keytool is needed.

A node needs every name and address that its listeners advertise, since clients compare
it with the certificate: --node NAME=HOST,HOST. Kafka calls the holders User:CN=NAME, or
User:NAME with ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT.

  ca.crt, ca.key      the CA: the certificate goes to everyone, the key to nobody
  NAME.pem            key and chain in one file, for Kafka's PEM keystore
  NAME.crt, NAME.key  the same apart, for librdkafka, Go, Node.js and Python
  NAME.properties     client.properties of a client, for Java's tools and kafkactl
  *.p12, *.jks        keystores, and truststore with the CA (--p12, --jks)
  store-password      the password of the stores, generated unless --password-file has it

Private keys and stores are for their owner alone (0600). --owner makes that another user,
as whom the brokers run, for all but ca.key. Files that others made are not overwritten
without --force, and a .properties file that you edited stays.

Exit codes: 0 all is there, 1 it could not be made, 2 usage, 3 with --check: something is
missing or has to be renewed.`

const certsExample = `  kafkactl certs --node kafka=kafka,localhost,127.0.0.1 --client admin
  kafkactl certs --node kafka-1 --node kafka-2 --node kafka-3 --client admin,orders --p12
  kafkactl certs --client orders --jks --password-file store-password.txt
  kafkactl certs --check --client admin,orders     # in CI: exit 3 when one ends within 30 days`

const day = 24 * time.Hour

type certsOptions struct {
	app     *cli.App
	dirFlag string // that named dir

	dir, ca         string
	nodes           []string
	clients         []string
	p12, jks        bool
	passwordFile    string
	owner           string
	days, renewDays int
	renewCA, force  bool
	check           bool
}

// NewCertsCmd returns the command certs.
func NewCertsCmd(a *cli.App) *cobra.Command {
	o := &certsOptions{app: a, dirFlag: "--out"}
	cmd := &cobra.Command{
		Use:        "certs",
		SuggestFor: []string{"certificates", "tls", "ca", "keystore"},
		Short:      "Make and renew certificates for a development Kafka",
		Long:       certsLong,
		Example:    certsExample,
		Args:       cli.ExactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.dir, "out", "certs", "directory of the files; it is made when it is not there")
	flags.StringVar(&o.ca, "ca", "", "common name of the CA (default \""+certificates.DefaultCA+"\", or that of the CA that is there)")
	flags.StringArrayVar(&o.nodes, "node", nil, "node, as NAME or NAME=HOST,HOST with all names and addresses it advertises; repeatable")
	flags.StringSliceVar(&o.clients, "client", nil, "clients, separated by commas; repeatable")
	flags.BoolVar(&o.p12, "p12", false, "PKCS12 stores for Java, too")
	flags.BoolVar(&o.jks, "jks", false, "JKS stores for Java, too")
	flags.StringVar(&o.passwordFile, "password-file", "", "file with the password of the stores (default: store-password in the directory, which is generated)")
	flags.StringVar(&o.owner, "owner", "", "user who gets the files, but for ca.key, as UID or UID:GID (needs root)")
	flags.IntVar(&o.days, "days", 365, "for how many days a new certificate is valid")
	flags.IntVar(&o.renewDays, "renew-days", 30, "renew what ends within so many days")
	flags.BoolVar(&o.renewCA, "renew-ca", false, "make a new certificate of the CA's key, also when it has expired")
	flags.BoolVar(&o.force, "force", false, "overwrite files that others made")
	flags.BoolVar(&o.check, "check", false, "write nothing; exit 3 when something is missing or has to be renewed")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *certsOptions) run(ctx context.Context) error {
	request, err := o.request()
	if err != nil {
		return err
	}
	files, err := o.make(ctx, request)
	if err != nil {
		return o.explain(err)
	}
	if err := o.giveAway(files); err != nil {
		return err
	}
	doc := newCertificatesDoc(o.dir, o.check, files)
	if err := o.app.Print(doc.answer()); err != nil {
		return err
	}
	return doc.verdict()
}

// request is what the command line asks for; its error is a usage error.
func (o *certsOptions) request() (certificates.Request, error) {
	r := certificates.Request{
		CA: o.ca, Clients: o.clients, PKCS12: o.p12, JKS: o.jks,
		Lifetime: time.Duration(o.days) * day, RenewBefore: time.Duration(o.renewDays) * day,
		RenewCA: o.renewCA, Force: o.force, Check: o.check,
	}
	if len(o.nodes)+len(o.clients) == 0 {
		return r, cli.WithHint(cli.Usagef("certs needs --node or --client"), "kafkactl certs --node kafka-1=kafka-1,localhost --client admin")
	}
	if err := o.checkDays(); err != nil {
		return r, err
	}
	if _, err := parseFilesOwner(o.owner); err != nil {
		return r, err
	}
	for _, text := range o.nodes {
		node, err := certificates.ParseNode(text)
		if err != nil {
			return r, cli.AsUsage(err)
		}
		r.Nodes = append(r.Nodes, node)
	}
	if err := r.Problem(); err != nil {
		return r, cli.AsUsage(err)
	}
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return r, fmt.Errorf("find the directory %s: %w", o.dir, err)
	}
	r.Dir = dir
	return r, o.addPassword(&r)
}

// longestDays keeps dates within what a certificate can have.
const longestDays = 36500

func (o *certsOptions) checkDays() error {
	switch {
	case o.days < 1 || o.days > longestDays:
		return cli.Usagef("--days must be from 1 to %d, got %d", longestDays, o.days)
	case o.renewDays < 0:
		return cli.Usagef("--renew-days must not be negative, got %d", o.renewDays)
	case o.renewDays >= o.days:
		return cli.Usagef("--renew-days %d must be less than --days %d: each run would renew everything", o.renewDays, o.days)
	}
	return nil
}

// explain adds the directory to what went wrong, and what to do next.
func (o *certsOptions) explain(err error) error {
	if name, is := errors.AsType[*certificates.CANameError](err); is {
		text := (&certificates.CANameError{File: o.path(name.File), Has: name.Has, Wanted: name.Wanted}).Error()
		return cli.WithHint(cli.AsUsage(cli.WithText(err, text)), "leave out --ca, or name another directory with "+o.dirFlag)
	}
	if foreign, is := errors.AsType[*certificates.ForeignError](err); is {
		var paths []string
		for _, name := range foreign.Files {
			paths = append(paths, o.path(name))
		}
		hint := o.dirFlag + " names another directory"
		if o.dirFlag == "--out" {
			hint = "--force overwrites " + itOrThem(len(paths)) + "; " + hint
		}
		return cli.WithHint(cli.WithText(err, (&certificates.ForeignError{Files: paths}).Error()), hint)
	}
	if ca, is := errors.AsType[*certificates.CAError](err); is {
		if errors.Is(err, certificates.ErrExpiredCA) {
			renew := "--renew-ca"
			if o.dirFlag != "--out" {
				renew = "kafkactl certs --client " + clientName + " --renew-ca --out " + o.dir
			}
			return cli.WithHint(cli.WithText(err, "the CA certificate "+o.path(ca.File)+" "+ca.Problem),
				renew+" makes a new one of the same key; then give ca.crt to every broker and client again")
		}
		hint := o.dirFlag + " names another directory, where a new CA is made"
		if strings.HasPrefix(ca.Problem, "is missing") {
			hint = "put " + ca.File + " there for this run; or " + hint
		}
		return cli.WithHint(cli.WithText(err, o.path(ca.File)+" "+ca.Problem), hint)
	}
	return err
}

// path is a file of the directory, as the command line named it.
func (o *certsOptions) path(name string) string { return filepath.Join(o.dir, name) }

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
