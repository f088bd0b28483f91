package health

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

// notKafkaError is an answer in another protocol. It keeps the first bytes.
type notKafkaError struct{ first []byte }

func (e notKafkaError) Error() string {
	return fmt.Sprintf("answers, but not as Kafka does: %q", e.text())
}

// text returns the first run of printable characters, or the first few bytes where there is none.
// Other servers greet with a number and a salt that are new on each connection, and evidence must
// be the same on every try.
func (e notKafkaError) text() []byte {
	const least = 4
	start := 0
	for i, b := range e.first {
		if b >= ' ' && b <= '~' {
			continue
		}
		if i-start >= least {
			return e.first[start:i]
		}
		start = i + 1
	}
	if len(e.first)-start >= least {
		return e.first[start:]
	}
	return e.first[:min(len(e.first), least)]
}

// speechFault returns the answer for a failed ApiVersions exchange. It is sure when asking the
// address in other protocols could not add anything.
func (l *Ladder) speechFault(err error) (a answer, sure bool) {
	a = unmet(symptom(err), err)
	if a.verdict == Fail {
		return a, true
	}
	other, foreign := errors.AsType[notKafkaError](err)
	if header, wrong := errors.AsType[tls.RecordHeaderError](err); wrong {
		other, foreign = notKafkaError{header.RecordHeader[:]}, true
	}
	switch {
	case hasError[*kerr.Error](err):
		a.hint = advise("old-broker")
		return a, true
	case foreign && bytes.HasPrefix(other.first, []byte("HTTP/")):
		return httpAnswers(string(other.first)), true
	case foreign && l.tls == nil && bytes.HasPrefix(other.first, []byte{0x15, 0x03}): // a TLS alert record
		return tlsAnswers(), true
	case foreign:
		a.hint = advise("another-port")
	case kafka.TimedOut(err):
		a.evidence = "accepts TCP, then says nothing"
		a.hint = advise("frozen-or-another-port")
	case kafka.PeerClosed(err) && l.tls == nil:
		a.evidence = "accepts TCP, then closes: a proxy whose Kafka is not up yet, or TLS is required"
		a.hint = advise("up-or-with-tls")
	case kafka.PeerClosed(err):
		a.evidence = "accepts TCP, then closes: a proxy whose Kafka is not up yet, or a port that does not speak TLS"
		a.hint = advise("up-or-without-tls")
	case a.hint == hint{}:
		a.hint = advise("connection-log")
	}
	return a, false
}
