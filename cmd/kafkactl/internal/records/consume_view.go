package records

import (
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
)

// recordViewFlags are the flags that say how records look.
type recordViewFlags struct {
	recordViewOptions
	flags  interface{ Changed(string) bool }
	output *cli.Choice[cli.Format]
	raw    string // --delimiter, as it was given
}

func (f *recordViewFlags) addFlags(a *cli.App, cmd *cobra.Command) {
	f.flags, f.format = cmd.Flags(), cli.FormatLine
	a.AddOutputFlagTo(cmd, &f.format, cli.FormatLine, cli.FormatWide, cli.FormatJSON, cli.FormatValue, cli.FormatKey, cli.FormatRaw)
	f.output = cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.template, "template", "", "print each record by a Go template, as '{{.key}} {{.value.data.total}}'")
	cmd.Flags().StringVar(&f.raw, "delimiter", `\n`, `what ends each record of -o raw: text, \n, \t, \0, \xNN`)
}

// hasLocalTimes reports whether records are shown with times in the local zone.
func (f *recordViewFlags) hasLocalTimes() bool {
	return f.template == "" && (f.format == cli.FormatLine || f.format == cli.FormatWide)
}

// recordViews is how records look, and what a jq expression made of one.
type recordViews struct {
	record   recordView
	jqOutput func(dst, shown []byte) []byte
}

// view checks the flags.
func (f *recordViewFlags) view(a *cli.App, now time.Time) (v recordViews, err error) {
	if f.template != "" && f.flags.Changed("output") {
		if err := f.output.Refuse(cli.Usagef("--template does not go with -o: it is a format of its own")); err != nil {
			return v, err
		}
	}
	if f.flags.Changed("delimiter") && f.format != cli.FormatRaw {
		return v, cli.Usagef("--delimiter goes with -o raw alone")
	}
	if f.delimiter, err = parseDelimiter(f.raw); err != nil {
		return v, cli.Usagef("--delimiter: %w", err)
	}
	st := term.NewStyles(a.Renderer(a.Out, a.OutTTY))
	if v.record, err = newRecordView(f.recordViewOptions, a.OutTTY, st, now); err != nil {
		return v, cli.AsUsage(err)
	}
	v.jqOutput = newJQView(f.recordViewOptions, a.OutTTY, st)
	return v, nil
}
