//go:build !unix

package main

import "os/exec"

// become runs the program at path to its end: no process can become another one here.
func (a *app) become(path string, argv, env []string) error {
	cmd := &exec.Cmd{Path: path, Args: argv, Env: env, Stdin: a.in, Stdout: a.rawOut, Stderr: a.streams.err}
	return childError(argv[0], cmd.Run())
}
