package cli

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/term"
)

// Color is a value of --color.
type Color string

// When an answer is coloured.
const (
	ColorAuto   Color = "auto" // on a terminal, unless NO_COLOR or TERM=dumb says otherwise
	ColorAlways Color = "always"
	ColorNever  Color = "never"
)

// AddColorFlag adds --color to root, and so to every command.
func (a *App) AddColorFlag(root *cobra.Command) {
	choice := ChoiceVar(root.PersistentFlags(), &a.Color, "color", ColorAuto, "auto, always or never; NO_COLOR turns it off too",
		ColorAuto, ColorAlways, ColorNever)
	choice.Kind, choice.Sentence = "string", true
}

// Renderer returns what styles text for one of the streams; tty says whether that is a
// terminal. It never looks at the process's own streams, unlike lipgloss's default renderer.
func (a *App) Renderer(w io.Writer, tty bool) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(w)
	if a.colored(tty) {
		r.SetColorProfile(termenv.ANSI)
	} else {
		r.SetColorProfile(termenv.Ascii)
	}
	return r
}

// colored reports whether a stream gets colours; tty says whether it is a terminal.
func (a *App) colored(tty bool) bool {
	switch a.Color {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	case ColorAuto:
	}
	return tty && a.Env("NO_COLOR") == "" && !a.dumbTerminal()
}

// dumbTerminal reports whether the terminal understands no escape sequences.
func (a *App) dumbTerminal() bool { return a.Env("TERM") == "dumb" }

// tableStyles returns the styles of an answer on w: tables fit the terminal as wide as it is
// now, except those of -o wide.
func (a *App) tableStyles(w io.Writer, tty bool) term.Styles {
	st := term.NewStyles(a.Renderer(w, tty))
	st.Terminal = tty
	if tty && a.Format != FormatWide && a.OutWidth != nil {
		st.Width = a.OutWidth()
	}
	return st
}
