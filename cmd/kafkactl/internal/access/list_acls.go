package access

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
)

const listACLsLong = `Lists the ACLs that the brokers go by, all of them or those of one principal. The table
has the operations on one resource together; -o wide, JSON and YAML have one ACL each,
in Kafka's own words. -o name prints the principals.

--principal is compared as it is written: what everybody may do is an ACL of User:*,
and not among those of User:app. "kafkactl can" decides with all of them.

To list ACLs, one needs Describe on the cluster. Without an authorizer there are none,
and everybody may do everything.`

const listACLsExample = `  kafkactl list acls
  kafkactl list acls --principal User:order-service
  kafkactl list acls -o wide
  kafkactl list acls -o json | jq -r '.acls[] | select(.permission == "DENY") | .principal'`

type listACLsOptions struct {
	app *cli.App
	cli.Connection
	principal string
}

// NewListACLsCmd returns the command list acls.
func NewListACLsCmd(a *cli.App) *cobra.Command {
	o := &listACLsOptions{app: a}
	cmd := &cobra.Command{
		Use:     "acls",
		Aliases: []string{"acl"},
		Short:   "List ACLs",
		Long:    listACLsLong,
		Example: listACLsExample,
		Args:    func(cmd *cobra.Command, args []string) error { return cli.CheckArgs(cmd, "list acls", nil, args) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().StringVar(&o.principal, "principal", "", "only ACLs of this `PRINCIPAL`, such as User:app")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *listACLsOptions) run(ctx context.Context) error {
	if o.principal != "" {
		if err := checkPrincipal(o.principal); err != nil {
			return err
		}
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	bindings, err := s.Kafka.ACLs(s.Ctx, s.Kafka.Seed(), kafka.ACLFilter{Principal: o.principal})
	unchecked := kafka.NoAuthorizer(err)
	if err != nil && !unchecked {
		return err
	}
	if text := o.app.Format == cli.FormatTable || o.app.Format == cli.FormatWide; text && len(bindings) == 0 {
		o.noteNone(unchecked)
		return nil
	}
	return o.app.Print(newACLList(bindings, !unchecked))
}

// noteNone says why the list is empty.
func (o *listACLsOptions) noteNone(unchecked bool) {
	switch {
	case unchecked:
		o.app.Notef("no ACLs: the brokers have no authorizer, and everybody may do everything")
	case o.principal != "":
		o.app.Notef("no ACLs of %s", o.principal)
		o.app.Notef("hint: kafkactl list acls -o name shows the principals that have some")
	default:
		o.app.Notef("no ACLs")
	}
}

// aclListDoc is a list of ACLs in JSON and YAML.
type aclListDoc struct {
	cli.Header
	Authorizer bool          `json:"authorizer"` // false: nobody is checked
	ACLs       []acl.Binding `json:"acls"`
}

// newACLList returns the list in every format.
func newACLList(bindings []acl.Binding, authorizer bool) cli.Answer {
	principals := make([]string, len(bindings))
	for i, b := range bindings {
		principals[i] = kafka.Printable(b.Principal)
	}
	return cli.Answer{
		Doc:   aclListDoc{cli.NewHeader("AclList"), authorizer, cli.OrEmpty(bindings)},
		Names: slices.Compact(principals),
		Text: func(w io.Writer, st term.Styles, wide bool) {
			if wide {
				wideRows(w, st, bindings)
			} else {
				aclRows(w, st, bindings)
			}
		},
	}
}
