package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/term"
)

// ErrorDoc is an error as JSON.
type ErrorDoc struct {
	Error struct {
		Code       int    `json:"code"`
		KafkaError string `json:"kafkaError"`
		Message    string `json:"message"`
		Hint       string `json:"hint"`
	} `json:"error"`
}

// PrintError writes a failure to stderr: what failed, and what to do next; an object with -o
// json. It writes nothing for an error whose answer has said all there is to say.
func (a *App) PrintError(err error, code ExitCode) {
	if err == nil || IsChildExit(err) || errors.As(err, new(*QuietError)) && code != ExitInterrupted {
		return
	}
	hint := HintOf(err)
	if a.Format == FormatJSON {
		var doc ErrorDoc
		doc.Error.Code, doc.Error.KafkaError = int(code), kafkaErrorOf(err)
		doc.Error.Message, doc.Error.Hint = messageOf(err, code), hint
		line, _ := json.Marshal(doc)
		fmt.Fprintf(a.Err, "%s\n", line)
		return
	}
	style := term.NewStyles(a.Renderer(a.Err, a.ErrTTY))
	prefix := style.Bad.Render("kafkactl:")
	message := messageOf(err, code)
	if code == ExitInterrupted && message != interrupted {
		fmt.Fprintf(a.Err, "%s %s\n", prefix, interrupted)
	}
	for line := range strings.Lines(term.SafeLines(message, false)) {
		fmt.Fprintf(a.Err, "%s %s\n", prefix, strings.TrimSuffix(line, "\n"))
	}
	if hint != "" {
		fmt.Fprintf(a.Err, "%s %s\n", style.Dim.Render("hint:"), term.Safe(hint, false))
	}
}

const interrupted = "interrupted"

// messageOf returns err in words. Of a run that was interrupted it leaves out that a context was
// cancelled: that is how the program stopped, which says nothing to its user.
func messageOf(err error, code ExitCode) string {
	message := err.Error()
	if code != ExitInterrupted {
		return message
	}
	if message == context.Canceled.Error() {
		return interrupted
	}
	return strings.TrimSuffix(message, ": "+context.Canceled.Error())
}

// kafkaErrorOf returns Kafka's name of the first broker error in err, "" without one.
func kafkaErrorOf(err error) string {
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		return kafka.Message
	}
	return ""
}
