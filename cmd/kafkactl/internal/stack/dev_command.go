package stack

import (
	"context"
	"os/exec"
	"syscall"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// exec runs the user's command to its end. A signal is passed on as SIGTERM; the command
// answers it with its exit code.
func (o *devOptions) exec(ctx context.Context, addrs string) error {
	cmd := exec.CommandContext(ctx, o.command[0], o.command[1:]...)
	cmd.Env = cli.ClusterEnv(addrs)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = o.app.ChildStreams()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 500 * time.Millisecond // then it is killed: a signal ends us within a second
	return o.app.RunChild(ctx, cmd)
}
