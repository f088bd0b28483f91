//go:build unix

package cli

import (
	"context"
	"syscall"
)

// Exec makes this process the program at path: its exit code, its signals and its
// terminal are from then on that program's own, as a container's entrypoint needs it.
// It only returns when that fails.
func (a *App) Exec(ctx context.Context, path string, argv, env []string) error {
	if ctx.Err() != nil { // a signal was meant for the program, which would not know of it
		return context.Cause(ctx)
	}
	return StartError(argv[0], syscall.Exec(path, argv, env))
}
