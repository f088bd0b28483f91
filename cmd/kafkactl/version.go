package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
)

// versionDoc is the version in JSON and YAML.
type versionDoc struct {
	header
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersionCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Prints the version of kafkactl, of the Go it was built with, and the platform.",
		Example: "  kafkactl version\n  kafkactl version -o json",
		Args:    exactArgs(),
		RunE: func(*cobra.Command, []string) error {
			doc := versionDoc{newHeader("Version"), a.version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			return a.print(answer{doc: doc, text: func(w io.Writer, _ styles, _ bool) {
				fmt.Fprintf(w, "kafkactl %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
			}})
		},
	}
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML)
	return cmd
}
