package access

import (
	"context"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/acl"
	"kafkactl/internal/nearest"
)

const canLong = `Tells whether the ACLs let a principal do something: read a topic, say. It exits with 0
for yes and with 3 for no, names the ACL that decides, and says what would make a yes of
a no. Nothing is changed, and neither the principal nor the thing need exist.

The answer is that of Kafka's own authorizers, StandardAuthorizer and AclAuthorizer:
a denial wins over any number of allowances; read, write, delete and alter include
describe, and alter-configs includes describe-configs. A topic may also be created by
who may create on the cluster.

Without --host the question is about an address that no ACL names; ACLs for one address
that would change the answer are told. Super users may do everything, and no request
tells who they are: what the client itself may do, "kafkactl whoami" says for sure.

RESOURCE-TYPE and its operations:
  topic              read, write, create, delete, alter, describe, describe-configs,
                     alter-configs
  group              read, delete, describe, describe-configs, alter-configs
  cluster            create, alter, describe, cluster-action, describe-configs,
                     alter-configs, idempotent-write; it has no NAME
  transactional-id   write, describe, two-phase-commit
  delegation-token   describe
  user               create-tokens, describe-tokens; its NAME is a principal

To ask, one needs Describe on the cluster.`

const canExample = `  kafkactl can User:order-service write topic order.created
  kafkactl can User:order-service read group order-service-group --host 10.0.0.7
  kafkactl can 'User:CN=app,O=Shop' create topic audit.log
  kafkactl can User:admin alter cluster
  kafkactl can User:app read topic orders -o json | jq .binding`

type canOptions struct {
	app *cli.App
	cli.Connection
	host string
}

// NewCanCmd returns the command can.
func NewCanCmd(a *cli.App) *cobra.Command {
	o := &canOptions{app: a}
	cmd := &cobra.Command{
		Use:        "can PRINCIPAL OPERATION RESOURCE-TYPE [NAME]",
		SuggestFor: []string{"may", "allowed", "can-i", "authorized"},
		Short:      "Tell whether a principal may do something",
		Long:       canLong,
		Example:    canExample,
		Args:       cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			question, err := o.question(cmd, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context(), question)
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().StringVar(&o.host, "host", "", "IP `ADDRESS` that the principal connects from")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

// question returns what the arguments ask.
func (o *canOptions) question(cmd *cobra.Command, args []string) (acl.Question, error) {
	q := acl.Question{Type: acl.Cluster, Name: acl.ClusterName}
	names := []string{"PRINCIPAL", "OPERATION", "RESOURCE-TYPE", "NAME"}
	if len(args) == 3 {
		if kind, _ := acl.ParseResourceType(args[2]); kind == acl.Cluster {
			args = append(args, acl.ClusterName)
		}
	}
	if err := cli.CheckArgs(cmd, cmd.Name(), names, args); err != nil {
		return q, err
	}
	if err := checkPrincipal(args[0]); err != nil {
		return q, err
	}
	known := false
	if q.Type, known = acl.ParseResourceType(args[2]); !known {
		return q, unknownWord("resource type", args[2], acl.FlagWords(acl.ResourceTypes()), nil)
	}
	if q.Operation, known = acl.ParseOperation(args[1]); !known || q.Operation == acl.All {
		return q, unknownWord("operation", args[1], acl.FlagWords(acl.OperationsOf(q.Type)), map[string]string{"consume": "read", "produce": "write", "list": "describe"})
	}
	if err := acl.CheckOperation(q.Type, q.Operation); err != nil {
		return q, cli.AsUsage(err)
	}
	q.Principal, q.Name = args[0], args[3]
	if q.Name == acl.Any {
		return q, cli.Usagef("can asks about one %s, got *", acl.Words(string(q.Type)))
	}
	if err := acl.CheckResource(acl.Resource{Type: q.Type, Pattern: acl.Literal, Name: q.Name}); err != nil {
		return q, cli.AsUsage(err)
	}
	var err error
	q.Host, err = hostOf(o.host)
	return q, err
}

// checkPrincipal returns the usage error of a principal that can be nobody's, with the one that was probably meant.
func checkPrincipal(principal string) error {
	err := acl.CheckPrincipal(principal)
	if err == nil {
		return nil
	}
	kind, name, typed := strings.Cut(principal, ":")
	switch {
	case !typed:
		name = principal
	case !strings.EqualFold(kind, "User"):
		name = ""
	}
	hint := ""
	if meant := "User:" + strings.TrimSpace(name); acl.CheckPrincipal(meant) == nil {
		hint = "did you mean " + meant + "?"
	}
	return cli.WithHint(cli.AsUsage(err), hint)
}

// unknownWord returns the usage error of a word that is none of those known. meant has words that people use for others.
func unknownWord(kind, word string, known []string, meant map[string]string) error {
	hint := "want " + strings.Join(known, ", ")
	if other := meant[strings.ToLower(word)]; other != "" {
		hint = "did you mean " + other + "?"
	} else if near := nearest.Names(acl.FlagWord(word), known, 1); len(near) > 0 {
		hint = "did you mean " + near[0] + "?"
	}
	return cli.WithHint(cli.Usagef("unknown %s %q", kind, word), hint)
}

// hostOf returns an address as brokers compare it, "" for none.
func hostOf(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	addr, err := netip.ParseAddr(text)
	if err == nil {
		text = acl.HostText(addr)
	}
	if err := acl.CheckHost(text); err != nil || text == acl.Any {
		return "", cli.WithHint(cli.Usagef("--host %q is no IP address", text), "leave --host out to ask about any address")
	}
	return text, nil
}

func (o *canOptions) run(ctx context.Context, q acl.Question) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := decide(s, q)
	if err != nil {
		return err
	}
	if err := o.app.Print(a.answer()); err != nil {
		return err
	}
	for _, note := range a.notes {
		o.app.Notef("note: %s", note)
	}
	for _, hint := range a.grants() {
		o.app.Notef("hint: %s", hint)
	}
	if !a.Allowed {
		return cli.Quiet(cli.ExitCondition)
	}
	return nil
}
