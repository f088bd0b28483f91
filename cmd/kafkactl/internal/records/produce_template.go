package records

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"text/template"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// templateStep renders the value from --template. A failure is the record's: it may depend on
// chance or on .n.
func (o *produceOptions) templateStep() (recordStep, error) {
	text, err := template.New("--template").Funcs(o.templateFuncs()).Option("missingkey=error").Parse(o.template)
	if err != nil {
		return nil, cli.AsUsage(templateError(err))
	}
	return func(out *record.Outgoing) error {
		var value bytes.Buffer
		if err := text.Execute(&value, map[string]any{"n": out.Line}); err != nil {
			return templateError(err)
		}
		out.Value = value.Bytes()
		return nil
	}, nil
}

// templateError takes text/template's own prefix off.
func templateError(err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), "template: "))
}

// templateFuncs is what a template can make up.
func (o *produceOptions) templateFuncs() template.FuncMap {
	return template.FuncMap{
		"uuid": o.eventIDs.Next,
		"now":  func() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") },
		"randInt": func(least, most int) (int, error) {
			if most < least {
				return 0, fmt.Errorf("no number is between %d and %d", least, most)
			}
			return least + rand.IntN(most-least+1), nil
		},
		"pick": func(from ...any) (any, error) {
			if len(from) == 0 {
				return nil, errors.New("nothing to pick from")
			}
			return from[rand.IntN(len(from))], nil
		},
	}
}
