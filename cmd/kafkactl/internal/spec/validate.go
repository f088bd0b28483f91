package spec

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

const validateLong = `Checks the topics file without a cluster: its form, topic names, counts, setting
names and values, settings that contradict each other, services, and who may do
what, under every profile. All problems are reported in one run, each with its place.

Values are judged as Apache Kafka 3.9 and 4.3 do. What only one of them takes, and
what is hardly meant (retention.ms: 7), is a warning, and so is what one broker that
stops would take with it (min.insync.replicas as high as replicationFactor). With
--strict a warning is exit 2.`

const validateExample = `  kafkactl validate
  kafkactl validate -f deploy/topics.yaml --profile production
  kafkactl validate --strict
  cat topics.yaml | kafkactl validate -f - -o json`

// validationDoc is the result of validate in JSON and YAML.
type validationDoc struct {
	cli.Header
	File   string `json:"file"`
	Valid  bool   `json:"valid"`
	Topics int    `json:"topics"`
	// Services counts the services of the file, and Principals those of them that have one.
	Services   int `json:"services"`
	Principals int `json:"principals"`

	Problems topicspec.Problems `json:"problems"`
	// Warnings is what is valid and yet in doubt; empty for a file that is not valid.
	Warnings []topicspec.Warning `json:"warnings"`
}

type validateOptions struct {
	app  *cli.App
	spec cli.SpecFlags

	strict bool
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
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit 2 for warnings, too")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *validateOptions) run() error {
	var (
		problems topicspec.Problems
		warnings []topicspec.Warning
		declared cli.Declared
		services int
	)
	spec, err := o.spec.Parse(o.app)
	if err == nil {
		warnings, services = spec.Warnings(), len(spec.Services)
		declared, err = o.spec.Declared(o.app, spec)
	}
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	doc := validationDoc{
		cli.NewHeader("Validation"), o.spec.File, err == nil, len(declared.Topics), services, len(declared.Access.Services),
		cli.OrEmpty(problems), cli.OrEmpty(warnings),
	}
	if err != nil && o.app.Format == cli.FormatTable {
		return err // the problems are the error: on stderr, one a line
	}
	if o.app.Format == cli.FormatTable {
		for _, w := range warnings {
			o.app.Notef("warning: %s", w)
		}
	}
	printErr := o.app.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, _ term.Styles, _ bool) {
		fmt.Fprintf(w, "%s: valid, %s\n", o.spec.File, doc.summary())
	}})
	switch {
	case err != nil:
		err = cli.WithCode(fmt.Errorf("%s has %s", o.spec.File, term.Count(len(problems), "problem")), cli.ExitUsage)
	case o.strict && len(warnings) > 0:
		err = cli.WithCode(fmt.Errorf("%s has %s, and --strict allows none", o.spec.File, term.Count(len(warnings), "warning")), cli.ExitUsage)
	}
	return errors.Join(printErr, err)
}

// summary is "11 topics, 5 of 9 services with a principal, 2 warnings", without what there is none of.
func (doc validationDoc) summary() string {
	parts := []string{term.Count(doc.Topics, "topic")}
	if doc.Principals > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s with a principal", doc.Principals, term.Count(doc.Services, "service")))
	}
	if n := len(doc.Warnings); n > 0 {
		parts = append(parts, term.Count(n, "warning"))
	}
	return strings.Join(parts, ", ")
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
