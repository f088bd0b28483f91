//go:build unix

package main

import "syscall"

// become makes this process the program at path: its exit code, its signals and its
// terminal are from then on that program's own, as a container's entrypoint needs it.
// It only returns when that fails.
func (a *app) become(path string, argv, env []string) error {
	return noProgram(argv[0], syscall.Exec(path, argv, env))
}
