//go:build !unix

package cli

import (
	"context"
	"os/exec"
)

// Exec runs the program at path to its end: on this system no process can become another one.
func (a *App) Exec(ctx context.Context, path string, argv, env []string) error {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.ChildStreams()
	return a.RunChild(ctx, cmd)
}
