package access

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/accessadmin"
	"kafkactl/internal/topicspec"
)

const describeAccessLong = `Tells what a service of the topics file may do, and why: each ACL that follows from the
topics it produces and consumes, from its groups and grants, and how that stands on the
brokers. Then its SCRAM credential and its quotas. Without a service it lists all that
have a principal.

  ok        there, as declared
  missing   declared, and not there: kafkactl apply makes it
  blocked   there or not, it has no effect, or cannot be made: the reason stands beside it
  extra     there, and not declared: kafkactl apply --accept revoke=N removes it

--derived asks no broker, and shows what the file comes to.`

const describeAccessExample = `  kafkactl describe access
  kafkactl describe access OrderService
  kafkactl describe access OrderService --derived        # offline, before anything is applied
  kafkactl describe access OrderService -o json | jq '.bindings[] | select(.state == "missing")'`

type describeAccessOptions struct {
	app *cli.App
	cli.Connection
	spec    cli.SpecFlags
	derived bool
}

// NewDescribeAccessCmd returns the command describe access.
func NewDescribeAccessCmd(a *cli.App) *cobra.Command {
	o := &describeAccessOptions{app: a}
	cmd := &cobra.Command{
		Use:     "access [SERVICE]",
		Short:   "Tell what a service may do, and why",
		Long:    describeAccessLong,
		Example: describeAccessExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return cli.CheckArgs(cmd, "describe access", []string{"SERVICE"}, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args) },
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.derived, "derived", false, "show what follows from the file; no broker is asked")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *describeAccessOptions) run(ctx context.Context, args []string) error {
	if err := o.Check(); err != nil {
		return err
	}
	spec, err := o.spec.Parse(o.app)
	if err != nil {
		return err
	}
	desired, err := spec.Access(o.spec.Profile)
	if err != nil {
		return cli.AsUsage(err)
	}
	if len(args) == 0 {
		return o.list(ctx, desired)
	}
	service, err := serviceOf(spec, o.spec.Profile, args[0])
	if err != nil {
		return err
	}
	found, err := o.compare(ctx, alike(desired, service))
	if err != nil {
		return err
	}
	view := newServiceAccess(desired, service, found)
	return o.app.Print(cli.Answer{
		Doc: serviceDoc{cli.NewHeader("ServiceAccess"), view.fields()}, Names: []string{service.Name},
		Text: func(w io.Writer, st term.Styles, _ bool) { view.text(w, st) },
	})
}

// compare asks the brokers, unless the file alone is asked about.
func (o *describeAccessOptions) compare(ctx context.Context, desired topicspec.DesiredAccess) (comparison, error) {
	if o.derived || len(desired.Services) == 0 {
		return comparison{}, nil
	}
	if desired.ACLs == topicspec.ACLsOff {
		return comparison{AccessCompared: topicspec.AccessCompared{Notes: []string{"access.acls is off: apply leaves users, ACLs and quotas alone"}}}, nil
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return comparison{}, err
	}
	defer s.Close()
	secrets := accessadmin.Secrets{LookupEnv: o.app.LookupEnv}
	desired, unread := readable(desired, secrets)
	found := comparison{asked: true, unread: unread}
	found.changes, found.AccessCompared, err = accessadmin.New(s.Config, s.Kafka, desired, secrets).Plan(s.Ctx, topicspec.Consent{})
	return found, err
}

// readable returns d without the credentials whose passwords cannot be had here, and why, by principal: who asks what a
// service may do need not have its password.
func readable(d topicspec.DesiredAccess, secrets accessadmin.Secrets) (topicspec.DesiredAccess, map[string]string) {
	unread := make(map[string]string)
	d.Services = slices.Clone(d.Services)
	for i, s := range d.Services {
		if s.Scram == nil {
			continue
		}
		if _, err := secrets.Password(strings.TrimPrefix(s.Principal, userPrefix), s.Scram.Password); err != nil {
			d.Services[i].Scram, unread[s.Principal] = nil, err.Error()
		}
	}
	return d, unread
}
