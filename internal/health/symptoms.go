package health

import (
	"fmt"
	"strings"
	"unicode"

	"kafkactl/internal/kafka"
)

// symptom returns a network or Kafka error in the words that every command has for it, as evidence.
func symptom(err error) string { return oneLine(kafka.Symptom(err)) }

// inWords returns the text of a callback's error as evidence. It says what was asked of which
// broker; a network error within it is replaced by its symptom.
func inWords(err error) string { return oneLine(kafka.InWords(err)) }

// maxEvidence is how many characters evidence may have: a sentence of a broker's policy, not a
// dump.
const maxEvidence = 1000

// oneLine returns text as one line that a terminal can show, whatever a server or a callback put
// into it.
func oneLine(text string) string {
	printable := func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}
	line := []rune(strings.Map(printable, strings.Join(strings.Fields(text), " ")))
	if len(line) > maxEvidence {
		return string(line[:maxEvidence]) + "…"
	}
	return string(line)
}

// plural returns "1 broker", "2 brokers".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
