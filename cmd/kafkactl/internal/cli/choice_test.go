package cli

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// A choice takes its words alone, and lists them where it refuses another; whether that is a
// sentence of its own is the flag's to say.
func TestChoice(t *testing.T) {
	t.Parallel()
	type result struct{ Value, Err, Sentence string }
	for _, tt := range []struct {
		name     string
		sentence bool
		args     []string
		want     result
	}{
		{"default", false, nil, result{Value: "auto"}},
		{"allowed", false, []string{"--when", "never"}, result{Value: "never"}},
		{"refused", false, []string{"--when", "green"}, result{
			Value: "auto", Err: `invalid argument "green" for "--when" flag: must be one of always, never`,
		}},
		{"the default is not a word", false, []string{"--when", "auto"}, result{
			Value: "auto", Err: `invalid argument "auto" for "--when" flag: must be one of always, never`,
		}},
		{"refused by a sentence", true, []string{"--when", "green"}, result{
			Value: "auto", Err: `invalid argument "green" for "--when" flag: must be one of always, never`,
			Sentence: `--when must be always or never, got "green"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
			flags.SetOutput(io.Discard)
			var value Color
			ChoiceVar(flags, &value, "when", ColorAuto, "", ColorAlways, ColorNever).Sentence = tt.sentence
			err := flags.Parse(tt.args)
			got := result{Value: string(value)}
			if err != nil {
				got.Err = err.Error()
			}
			if sentence := ChoiceSentence(err); sentence != nil {
				got.Sentence = sentence.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
