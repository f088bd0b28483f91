package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/composefile"
)

const doctorLong = `Reads a Docker Compose project and reports what will bite its Kafka: ports that
clients are sent to and nobody published, listeners without a protocol, replication
factors that one broker cannot meet, volumes that come apart, images that are dead or
never were, an init that makes "up --wait" fail, ports open to the whole network. Each
finding has its place, the reason, and the line to write. It is a fault when something
does not work, stops working one day or loses data; it is advice when the stack works as
it is, and would be safer or faster otherwise. A broker whose image has settings of its
own (Redpanda, Bitnami, Debezium and others) is named as not understood: nothing is said
about it.

Several files are merged, as "docker compose -f A -f B" does; without one the file that
Compose itself would find is read. Services behind profiles are looked at too. Nothing
is dialled, and a value that the files do not tell is not guessed at.

Exit codes: 0 no fault, 2 the project cannot be read, 3 there are faults; with --strict
also 3 when there is advice or a broker is not understood.`

const doctorExample = `  kafkactl doctor
  kafkactl doctor deploy/compose/compose.yaml
  kafkactl doctor compose.yaml compose.ci.yaml -o json
  kafkactl doctor --strict              # in CI: exit 3 for advice, and for what is not understood, too`

// diagnosisDoc is the result of doctor in JSON and YAML.
type diagnosisDoc struct {
	cli.Header
	Files         []string              `json:"files"`
	Services      int                   `json:"services"`
	Findings      []composefile.Finding `json:"findings"`
	NotUnderstood []composefile.Unread  `json:"notUnderstood"`
}

type doctorOptions struct {
	app    *cli.App
	files  []string
	strict bool
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
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit 3 when there is advice or a broker is not understood, too")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *doctorOptions) run(ctx context.Context) error {
	stack, err := composefile.Load(ctx, composefile.Options{Files: o.files, Env: environment(os.Environ()), Now: time.Now()})
	if errors.Is(err, composefile.ErrNoFile) {
		return cli.WithHint(cli.AsUsage(err), "kafkactl doctor FILE names it")
	}
	if foreign, is := errors.AsType[*composefile.ForeignError](err); is && foreign.Hint != "" {
		return cli.WithHint(cli.AsUsage(err), foreign.Hint)
	}
	if err != nil {
		return cli.AsUsage(err)
	}
	if !stack.HasKafka() {
		o.app.Notef("note: %s has no Kafka: no broker, no ZooKeeper, no UI", strings.Join(stack.Files(), ", "))
	}
	doc := diagnosisDoc{
		cli.NewHeader("Diagnosis"), stack.Files(), stack.Services(), cli.OrEmpty(stack.Diagnose()), cli.OrEmpty(stack.NotUnderstood()),
	}
	err = o.app.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, st term.Styles, _ bool) { diagnosisText(w, st, doc) }})
	if err == nil {
		err = o.verdict(doc)
	}
	return err
}

// count returns how many findings have a level.
func (d diagnosisDoc) count(level composefile.Level) int {
	n := 0
	for _, f := range d.Findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

// verdict is the error for faults and, when asked for, for advice and for brokers that are not
// understood.
func (o *doctorOptions) verdict(doc diagnosisDoc) error {
	var parts []string
	if faults := doc.count(composefile.Fault); faults > 0 {
		parts = append(parts, term.Count(faults, "fault"))
	}
	if advice := doc.count(composefile.Advice); advice > 0 && o.strict {
		parts = append(parts, adviceCount(advice))
	}
	if unread := len(doc.NotUnderstood); unread > 0 && o.strict {
		parts = append(parts, term.Count(unread, "broker")+" not understood")
	}
	if len(parts) == 0 {
		return nil
	}
	return cli.WithCode(fmt.Errorf("doctor: %s in %s", strings.Join(parts, ", "), strings.Join(doc.Files, ", ")), cli.ExitCondition)
}

func adviceCount(n int) string {
	if n == 1 {
		return "1 piece of advice"
	}
	return fmt.Sprintf("%d pieces of advice", n)
}

// diagnosisText writes each finding as a line and, below it, its fix; then the brokers of which
// nothing is said, and a last line that counts.
func diagnosisText(w io.Writer, st term.Styles, doc diagnosisDoc) {
	var rows [][]string
	for _, f := range doc.Findings {
		rule, message := st.Warn.Render("["+f.Rule+"]"), f.Message
		if f.Level == composefile.Advice {
			rule, message = st.Dim.Render("["+f.Rule+"]"), "advice: "+message
		}
		rows = append(rows, []string{fmt.Sprintf("%s: %s: %s %s", place(st, f.File, f.Line, f.Column), st.Bold.Render(f.Service), rule, message)})
		for i, line := range strings.Split(f.Fix, "\n") {
			if i == 0 {
				line = st.Good.Render("fix:") + " " + line
			} else {
				line = "     " + line
			}
			rows = append(rows, []string{"    " + line})
		}
	}
	for _, u := range doc.NotUnderstood {
		image := ""
		if u.Image != "" {
			image = " (" + u.Image + ")"
		}
		rows = append(rows, []string{fmt.Sprintf("%s: %s%s %s: %s", place(st, u.File, u.Line, u.Column), st.Bold.Render(u.Service), image,
			st.Warn.Render("is not understood"), u.Reason)})
	}
	st.Sentences(w, rows)
	fmt.Fprintln(w, doc.summary())
}

// summary returns the last line: what was read, and what it came to.
func (d diagnosisDoc) summary() string {
	parts := []string{strings.Join(d.Files, ", ") + ": " + term.Count(d.Services, "service")}
	rest := ""
	if unread := len(d.NotUnderstood); unread > 0 {
		parts, rest = append(parts, fmt.Sprintf("%d not understood", unread)), " in the rest"
	}
	faults, advice := d.count(composefile.Fault), d.count(composefile.Advice)
	switch {
	case faults > 0:
		parts = append(parts, term.Count(faults, "fault"))
	case advice > 0:
		parts = append(parts, "no fault"+rest)
	case rest != "":
		parts = append(parts, "no finding"+rest)
	default:
		parts = append(parts, "nothing found")
	}
	if advice > 0 {
		parts = append(parts, adviceCount(advice))
	}
	return strings.Join(parts, ", ")
}

func place(st term.Styles, file string, line, column int) string {
	return st.Dim.Render(fmt.Sprintf("%s:%d:%d", file, line, column))
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
