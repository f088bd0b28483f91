package root

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
)

// versionDoc is the version in JSON and YAML.
type versionDoc struct {
	cli.Header
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// newVersionCmd returns the command version.
func newVersionCmd(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Prints the version of kafkactl, of the Go it was built with, and the platform.",
		Example: "  kafkactl version\n  kafkactl version -o json",
		Args:    cli.ExactArgs(),
		RunE: func(*cobra.Command, []string) error {
			doc := versionDoc{cli.NewHeader("Version"), a.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			return a.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, _ term.Styles, _ bool) {
				fmt.Fprintf(w, "kafkactl %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
			}})
		},
	}
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}
