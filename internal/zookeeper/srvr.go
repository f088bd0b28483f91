package zookeeper

import (
	"io"
	"strings"
)

// Status is the answer to srvr, the one four-letter word that is allowed by default and
// distinguishes a server with a quorum from one without: ruok is answered with imok in both cases.
type Status struct {
	Text string // as it came
	// Mode is "standalone", "leader", "follower" or "observer"; "read-only" of a server without a
	// quorum that may be read all the same (readonlymode.enabled); "" where the server does not
	// serve.
	Mode string
	// Version is for people to read, "3.8.4": distributions put all kinds of text behind the
	// number. It is "" where the answer names none.
	Version string
}

// Srvr sends srvr over conn and reads until the server closes, as it does after its answer. What
// came before an error is returned with it. The connection is used up.
func Srvr(conn io.ReadWriter) (Status, error) {
	if _, err := io.WriteString(conn, srvrWord); err != nil {
		return Status{}, err
	}
	const limit = 64 << 10 // srvr answers in a few hundred bytes; this only bounds a port that is not ZooKeeper's
	text, err := io.ReadAll(io.LimitReader(conn, limit))
	return parseStatus(string(text)), err
}

const (
	srvrWord    = "srvr"
	versionLine = "Zookeeper version:"
)

func parseStatus(text string) Status {
	version := restOfLine(text, versionLine)
	if end := strings.IndexAny(version, "-, "); end >= 0 {
		version = version[:end]
	}
	return Status{Text: text, Mode: restOfLine(text, "Mode:"), Version: version}
}

// HasNoQuorum reports that the server said so: its process is up, and takes no session.
func (s Status) HasNoQuorum() bool {
	return strings.Contains(s.Text, "not currently serving requests")
}

// IsRefused reports that the server does not answer srvr: 4lw.commands.whitelist leaves it out.
func (s Status) IsRefused() bool { return strings.Contains(s.Text, "is not in the whitelist") }

// IsCutShort reports an answer that begins as ZooKeeper's does and ends before its mode.
func (s Status) IsCutShort() bool {
	return s.Mode == "" && strings.HasPrefix(s.Text, versionLine)
}

// restOfLine returns what follows prefix on the first line that begins with it.
func restOfLine(text, prefix string) string {
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(line, prefix); found {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}
