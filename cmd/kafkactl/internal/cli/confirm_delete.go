package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
)

// CheckConfirmable refuses a deletion without --yes where nobody can be asked: off a terminal, or
// with an output format for machines.
func (a *App) CheckConfirmable(yes bool) error {
	if !yes && (!a.InTTY || a.Format != FormatTable) {
		return WithHint(Usagef("delete asks first, and there is no terminal to ask on"), "--yes deletes without asking")
	}
	return nil
}

// ConfirmDelete shows on the terminal the lines that say what will be deleted, and asks. Any answer
// but yes is an error.
func (a *App) ConfirmDelete(ctx context.Context, lines []string, what string) error {
	for _, line := range lines {
		a.Notef("%s", line)
	}
	fmt.Fprintf(a.Err, "Delete %s? Type yes: ", what)
	answers := make(chan string, 1)
	go func() { // a read from a terminal cannot be cancelled; the process ends with it
		line, _ := bufio.NewReader(a.In).ReadString('\n')
		answers <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case line := <-answers:
		if line != "yes" {
			return WithCode(errors.New("nothing was deleted"), ExitFailed)
		}
		return nil
	}
}
