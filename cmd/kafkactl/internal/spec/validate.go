package spec

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

const validateLong = `Checks the topics file without a cluster: its form, topic names, counts, setting
names and values, min.insync.replicas against replicationFactor, and services,
under every profile. All problems are reported in one run, each with its place.`

const validateExample = `  kafkactl validate
  kafkactl validate -f deploy/topics.yaml --profile production
  cat topics.yaml | kafkactl validate -f - -o json`

// validationDoc is the result of validate in JSON and YAML.
type validationDoc struct {
	cli.Header
	File     string             `json:"file"`
	Valid    bool               `json:"valid"`
	Topics   int                `json:"topics"`
	Problems topicspec.Problems `json:"problems"`
}

type validateOptions struct {
	app  *cli.App
	spec cli.SpecFlags
}

// NewValidateCmd returns the command validate.
func NewValidateCmd(a *cli.App) *cobra.Command {
	o := &validateOptions{app: a}
	cmd := &cobra.Command{
		Use:     "validate",
		Short:   "Check the topics file, offline",
		Long:    validateLong,
		Example: validateExample,
		Args:    cli.ExactArgs(),
		RunE:    func(*cobra.Command, []string) error { return o.run() },
	}
	o.spec.AddFlags(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *validateOptions) run() error {
	desired, err := o.spec.Load(o.app)
	var problems topicspec.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	doc := validationDoc{cli.NewHeader("Validation"), o.spec.File, err == nil, len(desired), cli.OrEmpty(problems)}
	if err != nil && o.app.Format == cli.FormatTable {
		return err // the problems are the error: on stderr, one a line
	}
	printErr := o.app.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, _ term.Styles, _ bool) {
		fmt.Fprintf(w, "%s: valid, %s\n", o.spec.File, term.Count(len(desired), "topic"))
	}})
	if err != nil {
		err = cli.WithCode(fmt.Errorf("%s has %s", o.spec.File, term.Count(len(problems), "problem")), cli.ExitUsage)
	}
	return errors.Join(printErr, err)
}

// NewSchemaCmd returns the command schema.
func NewSchemaCmd(a *cli.App) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the topics file",
		Long: `Prints the JSON Schema of the topics file, for editors and CI. With this first
line an editor that speaks YAML completes and checks the file:

  # yaml-language-server: $schema=topics.schema.json`,
		Example: `  kafkactl schema > topics.schema.json`,
		Args:    cli.ExactArgs(),
		RunE: func(*cobra.Command, []string) error {
			schema, err := topicspec.Schema()
			if err != nil {
				return err
			}
			_, err = a.Out.Write(schema)
			return err
		},
	}
}
