package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/composefile"
)

const doctorLong = `Reads a Docker Compose project and reports what will bite its Kafka: ports that
clients are sent to and nobody published, listeners without a protocol, replication
factors that one broker cannot meet, volumes that come apart, images that are dead or
never were, an init that makes "up --wait" fail, ports open to the whole network. Each
finding has its place, the reason, and the line to write.

Several files are merged, as "docker compose -f A -f B" does; without one the file that
Compose itself would find is read. Services behind profiles are looked at too. Nothing
is dialled, and a value that the files do not tell is not guessed at.

Exit codes: 0 nothing found, 2 the project cannot be read, 3 there are findings.`

const doctorExample = `  kafkactl doctor
  kafkactl doctor deploy/compose/compose.yaml
  kafkactl doctor compose.yaml compose.ci.yaml -o json`

// diagnosisDoc is the result of doctor in JSON and YAML.
type diagnosisDoc struct {
	cli.Header
	Files    []string              `json:"files"`
	Services int                   `json:"services"`
	Findings []composefile.Finding `json:"findings"`
}

type doctorOptions struct {
	app   *cli.App
	files []string
}

// NewDoctorCmd returns the command doctor.
func NewDoctorCmd(a *cli.App) *cobra.Command {
	o := &doctorOptions{app: a}
	cmd := &cobra.Command{
		Use:        "doctor [COMPOSE-FILE...]",
		SuggestFor: []string{"lint", "diagnose"},
		Short:      "Find what will bite in a Compose file, offline",
		Long:       doctorLong,
		Example:    doctorExample,
		Args:       cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return o.run(cmd.Context())
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *doctorOptions) run(ctx context.Context) error {
	stack, err := composefile.Load(ctx, composefile.Options{Files: o.files, Env: environment(os.Environ())})
	if errors.Is(err, composefile.ErrNoFile) {
		return cli.WithHint(cli.AsUsage(err), "kafkactl doctor FILE names it")
	}
	if err != nil {
		return cli.AsUsage(err)
	}
	files := strings.Join(stack.Files(), ", ")
	if !stack.HasKafka() {
		o.app.Notef("note: %s has no Kafka: no broker, no ZooKeeper, no UI", files)
	}
	findings := stack.Diagnose()
	doc := diagnosisDoc{cli.NewHeader("Diagnosis"), stack.Files(), stack.Services(), cli.OrEmpty(findings)}
	err = o.app.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, st term.Styles, _ bool) { diagnosisText(w, st, doc) }})
	if err == nil && len(findings) > 0 {
		err = cli.WithCode(fmt.Errorf("doctor: %s in %s", term.Count(len(findings), "finding"), files), cli.ExitCondition)
	}
	return err
}

// diagnosisText writes each finding as a line and, below it, its fix.
func diagnosisText(w io.Writer, st term.Styles, doc diagnosisDoc) {
	if len(doc.Findings) == 0 {
		fmt.Fprintf(w, "%s: %s, nothing found\n", strings.Join(doc.Files, ", "), term.Count(doc.Services, "service"))
		return
	}
	var rows [][]string
	for _, f := range doc.Findings {
		place := st.Dim.Render(fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column))
		rows = append(rows,
			[]string{fmt.Sprintf("%s: %s: %s %s", place, st.Bold.Render(f.Service), st.Warn.Render("["+f.Rule+"]"), f.Message)},
			[]string{fmt.Sprintf("    %s %s", st.Good.Render("fix:"), f.Fix)})
	}
	st.Sentences(w, rows)
}

// environment returns "NAME=value" pairs by name.
func environment(pairs []string) map[string]string {
	env := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return env
}
