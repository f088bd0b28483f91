//go:build !unix

package cli

import (
	"context"
	"os/exec"
)

// Become runs the program at path to its end: no process can Become another one here.
func (a *App) Become(ctx context.Context, path string, argv, env []string) error {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env, Stdin: a.In, Stdout: a.RawOut, Stderr: a.Err}
	return a.runChild(ctx, cmd)
}
