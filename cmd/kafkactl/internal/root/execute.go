package root

import (
	"context"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/legacy"
	"kafkactl/cmd/kafkactl/internal/term"
)

// execute runs one command line and prints its error, if it ends with one. It is all of a run but
// the signals, and needs no process of its own.
func execute(ctx context.Context, a *cli.App, args []string) cli.ExitCode {
	args, hint, refused := legacy.Modernize(args)
	stdout := &cli.CheckedWriter{W: term.NewInterruptibleWriter(ctx, a.Out)}
	a.RawOut, a.Out = a.Out, stdout
	a.RawErr, a.Err = a.Err, term.NewInterruptibleWriter(ctx, a.Err)
	root := newRootCmd(a)
	cmd := completer{a}.findCommand(root, args)
	secret := cli.CheckNoSecret(cmd, args)
	if hint != "" && secret == nil && !a.WantsJSON(cmd, args) {
		a.Notef("%s", hint)
	}
	root.SetArgs(args)
	var err error
	switch {
	case secret != nil:
		err = secret
	case refused != nil:
		err = cli.AsUsage(refused)
	default:
		cmd, err = root.ExecuteContextC(ctx)
		err = a.ExplainLogin(ctx, cmd, err)
	}
	if err != nil && !a.Started {
		err = cli.UsageFromCobra(err)
		if a.WantsJSON(cmd, args) {
			a.Format = cli.FormatJSON // -o may stand behind what was not understood
		}
	}
	err = stdout.Outcome(err)
	code := cli.CodeOf(err)
	if err != nil && ctx.Err() != nil && !cli.IsChildExit(err) {
		code = cli.ExitInterrupted // whatever the signal cut off, it was not its own failure
	}
	a.PrintError(err, code)
	return code
}
