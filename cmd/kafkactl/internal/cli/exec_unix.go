//go:build unix

package cli

import (
	"context"
	"syscall"
)

// Exec replaces this process by the program at path. Exit code, signals and terminal are that
// program's own from then on, as the entrypoint of a container needs it. Exec returns only when it
// fails.
func (a *App) Exec(ctx context.Context, path string, argv, env []string) error {
	if ctx.Err() != nil { // the program would not notice the signal that has already come
		return context.Cause(ctx)
	}
	return StartError(argv[0], syscall.Exec(path, argv, env))
}
