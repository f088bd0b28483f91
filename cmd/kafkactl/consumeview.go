package main

import (
	"time"

	"github.com/spf13/cobra"
)

// recordViewFlags is the flags that say how records look.
type recordViewFlags struct {
	recordViewOptions
	flags interface{ Changed(string) bool }
	raw   string // --delimiter, as it was given
}

func (f *recordViewFlags) addFlags(a *app, cmd *cobra.Command) {
	f.flags, f.format = cmd.Flags(), formatLine
	a.outputFlagOf(cmd, &f.format, formatLine, formatWide, formatJSON, formatValue, formatKey, formatRaw)
	cmd.Flags().StringVar(&f.template, "template", "", "print each record by a Go template, as '{{.key}} {{.value.data.total}}'")
	cmd.Flags().StringVar(&f.raw, "delimiter", `\n`, `what ends each record of -o raw: text, \n, \t, \0, \xNN`)
}

// recordPrint is how records look, and what a jq expression made of one.
type recordPrint struct {
	record recordView
	shown  func(dst, shown []byte) []byte
}

// view checks the flags.
func (f *recordViewFlags) view(a *app, now time.Time) (v recordPrint, err error) {
	if f.template != "" && f.flags.Changed("output") {
		return v, usagef("--template does not go with -o: it is a format of its own")
	}
	if f.flags.Changed("delimiter") && f.format != formatRaw {
		return v, usagef("--delimiter goes with -o raw alone")
	}
	if f.delimiter, err = parseDelimiter(f.raw); err != nil {
		return v, usagef("--delimiter: %w", err)
	}
	st := newStyles(a.renderer(a.out, a.outTTY))
	if v.record, err = newRecordView(f.recordViewOptions, a.outTTY, st, now); err != nil {
		return v, asUsage(err)
	}
	v.shown = newShownView(f.recordViewOptions, a.outTTY, st)
	return v, nil
}
