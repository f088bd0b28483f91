package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kafkactl/internal/topicspec"
)

const validateLong = `Checks the topics file without a cluster: its form, topic names, counts, setting
names and values, min.insync.replicas against replicationFactor, and services,
under every profile. All problems are reported in one run, each with its place.`

const validateExample = `  kafkactl validate
  kafkactl validate -f deploy/topics.yaml --profile production
  cat topics.yaml | kafkactl validate -f - -o json`

// validationDoc is a validation in JSON and YAML.
type validationDoc struct {
	header
	File     string             `json:"file"`
	Valid    bool               `json:"valid"`
	Topics   int                `json:"topics"`
	Problems topicspec.Problems `json:"problems"`
}

type validateOptions struct {
	app  *app
	spec specFlags
}

func newValidateCmd(a *app) *cobra.Command {
	o := &validateOptions{app: a}
	cmd := &cobra.Command{
		Use:     "validate",
		Short:   "Check the topics file, offline",
		Long:    validateLong,
		Example: validateExample,
		Args:    exactArgs(),
		RunE:    func(*cobra.Command, []string) error { return o.run() },
	}
	o.spec.addFlags(cmd)
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML)
	return cmd
}

func (o *validateOptions) run() error {
	desired, err := o.spec.load(o.app)
	var problems topicspec.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	doc := validationDoc{newHeader("Validation"), o.spec.file, err == nil, len(desired), orEmpty(problems)}
	if err != nil && o.app.format == formatTable {
		return err // the problems are the error: on stderr, one a line
	}
	printErr := o.app.print(answer{doc: doc, text: func(w io.Writer, _ styles, _ bool) {
		fmt.Fprintf(w, "%s: valid, %s\n", o.spec.file, count(len(desired), "topic"))
	}})
	if err != nil {
		err = withCode(fmt.Errorf("%s has %s", o.spec.file, count(len(problems), "problem")), exitUsage)
	}
	return errors.Join(printErr, err)
}

func newSchemaCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the topics file",
		Long: `Prints the JSON Schema of the topics file, for editors and CI. With this first
line an editor that speaks YAML completes and checks the file:

  # yaml-language-server: $schema=topics.schema.json`,
		Example: `  kafkactl schema > topics.schema.json`,
		Args:    exactArgs(),
		RunE: func(*cobra.Command, []string) error {
			schema, err := topicspec.Schema()
			if err != nil {
				return err
			}
			_, err = a.out.Write(schema)
			return err
		},
	}
}
