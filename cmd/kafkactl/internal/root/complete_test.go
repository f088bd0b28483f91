package root

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafkatest"
)

// What a usage line calls its arguments, and what a flag is called, decides what they
// complete to, whatever the command.
func TestCompletionFollowsTheUsageLine(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.SeedTopics(2, "order.created", "stock"))
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := req.ResponseKind().(*kmsg.ListGroupsResponse)
		resp.Groups = []kmsg.ListGroupsResponseGroup{{Group: "audit"}, {Group: "stock-group"}}
		return resp, nil, true
	})
	spec := filepath.Join(t.TempDir(), "topics.yaml")
	if err := os.WriteFile(spec, []byte(servicesSpec), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ use, line, want string }{
		{"x TOPIC", "", "order.created stock :4"},
		{"x TOPIC", "o", "order.created :4"},
		{"x TOPIC", "stock _", ":4"},
		{"x TOPIC...", "stock _", "order.created :4"},
		{"x [GROUP...]", "", "audit stock-group=StockService :4"},
		{"x [GROUP...]", "audit _", "stock-group=StockService :4"},
		{"x [topic|group] NAME...", "", "topic group order.created stock :4"},
		{"x [topic|group] NAME...", "group _", "audit stock-group=StockService :4"},
		{"x [topic|group] NAME...", "group audit _", "stock-group=StockService :4"},
		{"x [topic|group] NAME...", "topic s", "stock :4"},
		{"x [topic|rack] NAME", "rack _", ":4"},
		{"x [topics|groups]", "", "topics groups :4"},
		{"x [topics|groups]", "groups _", ":4"},
		{"x [flags] [-- COMMAND [ARG...]]", "", ":0"},
		{"x", "", ":4"},
		{"x", "--topic s", "stock :4"},
		{"x", "--topic stock --partition _", "0 1 :4"},
		{"x", "--group a", "audit :4"},
		{"x", "--what _", ":4"},
		{"x", "--into _", ":0"},
	} {
		t.Run(tt.use+" "+tt.line, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(strings.ReplaceAll("__complete x "+tt.line, " _", " ~"))
			for i := range args {
				args[i] = strings.TrimPrefix(args[i], "~")
			}
			if tt.line == "" {
				args = append(args, "")
			}
			got := completed(t, tt.use, args, map[string]string{
				"KAFKACTL_BROKERS": addrs[0], "KAFKACTL_FILE": spec, "KAFKACTL_COMPLETION_TIMEOUT": "30s", "KAFKACTL_PLACE": "host",
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const servicesSpec = `version: 1
services:
  StockService: {group: stock-group}
  ShopService: {}
topics:
  stock: {}
`

// completed is what a command with that usage line completes args to, on one line, with
// notes behind "=".
func completed(t *testing.T, use string, args []string, env map[string]string) string {
	t.Helper()
	a := &cli.App{Streams: cli.Streams{LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok }}}
	cmd := &cobra.Command{Use: use, Run: func(*cobra.Command, []string) {}}
	new(cli.Connection).AddFlags(cmd, cli.AskTimeout)
	for _, name := range []string{"topic", "group", "what", "into"} {
		cmd.Flags().String(name, "", "")
	}
	cmd.Flags().Int32Slice("partition", nil, "")
	if err := cmd.MarkFlagFilename("into"); err != nil {
		t.Fatal(err)
	}
	root := &cobra.Command{Use: "kafkactl"}
	root.AddCommand(cmd)
	completer{a}.addCompletion(root)
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("\t", "=", "\n", " ").Replace(strings.TrimSpace(out.String()))
}
