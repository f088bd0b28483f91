package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Choice is the value of a flag that takes one of a few words. Completion offers them.
type Choice[T ~string] struct {
	// Kind is what the help calls the flag's value.
	Kind string
	// Sentence makes the refusal of another word a sentence of its own, as in
	// `--color must be auto, always or never, got "green"`: see [ChoiceSentence].
	Sentence bool

	value     *T
	allowed   []T
	preferred bool // set by a variable of the environment, not by the command line
}

// ChoiceVar adds a flag that takes one of the allowed words; value is its default, which need
// not be one of them. The word is stored in p.
func ChoiceVar[T ~string](flags *pflag.FlagSet, p *T, name string, value T, usage string, allowed ...T) *Choice[T] {
	*p = value
	c := &Choice[T]{Kind: "choice", value: p, allowed: allowed}
	flags.Var(c, name, usage)
	return c
}

// String returns the word that was chosen. pflag asks a zero Choice for it as well.
func (c *Choice[T]) String() string {
	if c.value == nil {
		return ""
	}
	return string(*c.value)
}

// Type is what pflag calls the flag's values.
func (c *Choice[T]) Type() string { return c.Kind }

// Set chooses a word, if it is allowed.
func (c *Choice[T]) Set(word string) error {
	if !c.Allows(T(word)) {
		return &choiceError{c.Words(), word, c.Sentence}
	}
	*c.value = T(word)
	return nil
}

// Refuse is for a command line whose flags or arguments leave no room for a word that is allowed.
// A word of the environment is a preference and gives way to the first one allowed; for one of the
// command line, or a nil Choice, it returns refusal.
func (c *Choice[T]) Refuse(refusal error) error {
	if c == nil || !c.preferred {
		return refusal
	}
	*c.value = c.allowed[0]
	return nil
}

// Allows reports whether word may be chosen.
func (c *Choice[T]) Allows(word T) bool { return slices.Contains(c.allowed, word) }

// Words lists the words that may be chosen, in the order in which help and errors list them.
func (c *Choice[T]) Words() []string { return wordsOf(c.allowed) }

// choiceError is a word that a choice does not allow.
type choiceError struct {
	allowed  []string
	got      string
	sentence bool
}

// Error is for pflag, which puts the flag and the word before it.
func (e *choiceError) Error() string { return "must be one of " + strings.Join(e.allowed, ", ") }

// ChoiceSentence returns the usage error for a word that a [Choice] refused, if the choice has
// a sentence of its own; otherwise nil. err is what pflag made of the refusal.
func ChoiceSentence(err error) error {
	var (
		invalid *pflag.InvalidValueError
		refused *choiceError
	)
	if errors.As(err, &invalid) && errors.As(err, &refused) && refused.sentence {
		return CheckWord("--"+invalid.GetFlag().Name, refused.got, refused.allowed...)
	}
	return nil
}

// CheckWord returns a usage error unless word is one of those allowed; subject is what was set
// to it.
func CheckWord[T ~string](subject string, word T, allowed ...T) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	words := wordsOf(allowed)
	last := len(words) - 1
	return Usagef("%s must be %s or %s, got %q", subject, strings.Join(words[:last], ", "), words[last], string(word))
}

func wordsOf[T ~string](values []T) []string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = string(value)
	}
	return words
}
