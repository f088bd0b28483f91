package cli

import (
	"time"

	"github.com/spf13/cobra"
)

// What flags are when neither the command line nor the environment sets them.
const (
	// defaultBroker is the host listener of the stack.
	defaultBroker = "localhost:29092"
	// DefaultSpec is the topics file, in the working directory.
	DefaultSpec = "topics.yaml"
	// WaitTimeout is --timeout of a command whose job is to wait. A cold three-broker stack on a
	// busy machine needs about 20 s.
	WaitTimeout = 90 * time.Second
	// AskTimeout is --timeout of any other command.
	AskTimeout = 10 * time.Second
)

// SetFlagDefault gives a flag that several commands share another default in cmd.
func SetFlagDefault(cmd *cobra.Command, name, value string) {
	flag := cmd.Flags().Lookup(name)
	flag.DefValue = value
	_ = flag.Value.Set(value)
}
