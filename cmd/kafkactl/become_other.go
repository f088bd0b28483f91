//go:build !unix

package main

import (
	"context"
	"os/exec"
)

// become runs the program at path to its end: no process can become another one here.
func (a *app) become(ctx context.Context, path string, argv, env []string) error {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env, Stdin: a.in, Stdout: a.rawOut, Stderr: a.err}
	return a.runChild(ctx, cmd)
}
