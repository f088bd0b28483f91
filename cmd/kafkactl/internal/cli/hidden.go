package cli

import "kafkactl/internal/kafka"

// NoteHidden says that there is nothing that the client may see, and perhaps something that it may not.
// viewer is that of [kafka.Security], what is "no topics" or the like, and flags are those of kafka-acls
// that name one of them.
func (a *App) NoteHidden(viewer, what, flags string) {
	text := what + ": none that " + viewer + " may see"
	if a.Format == FormatJSON {
		a.Warn(text)
		return
	}
	a.Notef("%s", text)
	a.Notef("hint: brokers leave out what may not be seen; %s", kafka.Grant("Describe", flags))
}
