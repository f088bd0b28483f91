package kafka

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Symptom returns a network or Kafka error in the words of this program, as "connection refused":
// short, and the same on every try. Go's own text has the ports of both ends in it, and names the
// call that failed.
func Symptom(err error) string {
	if failed, found := errors.AsType[*ConnectionError](err); found {
		err = failed.Cause
	}
	if local := LocalFault(err); local != nil {
		return local.Error()
	}
	if dns, found := errors.AsType[*net.DNSError](err); found {
		return nameSymptom(dns)
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH):
		return "no route to host"
	case errors.Is(err, syscall.ENETUNREACH):
		return "network is unreachable"
	case Unverified(err):
		return "certificate not verified: " + certificateFault(err)
	case RefusedTLS(err):
		return "TLS refused: " + refusalOfTLS(err)
	case RefusedSASL(err):
		return loginError(err).Text
	case TimedOut(err):
		return "no answer"
	case PeerClosed(err):
		return "closes the connection"
	}
	return err.Error()
}

// InWords returns the text of an error, which says what was asked of which broker; a network error
// within it is replaced by its [Symptom].
func InWords(err error) string {
	if RefusedSASL(err) || Unverified(err) || RefusedTLS(err) {
		return Symptom(err)
	}
	text := err.Error()
	for _, cause := range causes(err) {
		if ofNetwork(cause) {
			text = strings.Replace(text, cause.Error(), Symptom(cause), 1)
		}
	}
	return text
}

// ofNetwork reports whether err itself, not what it wraps, is a network error.
func ofNetwork(err error) bool {
	switch err.(type) { //nolint:errorlint // causes has unwrapped it
	case *net.OpError, *net.DNSError, *kgo.ErrFirstReadEOF:
		return true
	}
	return slices.Contains([]error{context.DeadlineExceeded, context.Canceled, io.EOF}, err)
}

// causes returns err and all that it wraps, outermost first.
func causes(err error) []error {
	all := []error{err}
	switch wrapping := err.(type) { //nolint:errorlint // it is the unwrapping
	case interface{ Unwrap() error }:
		if inner := wrapping.Unwrap(); inner != nil {
			all = append(all, causes(inner)...)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range wrapping.Unwrap() {
			all = append(all, causes(inner)...)
		}
	}
	return all
}

func nameSymptom(err *net.DNSError) string {
	switch {
	case err.IsNotFound:
		return "no such host"
	case err.IsTimeout:
		return "name not resolved: DNS does not answer"
	}
	// The text of a failed connection to the resolver begins with both addresses, and ours changes
	// on every try.
	words := strings.Split(err.Err, ": ")
	return "name not resolved: " + words[len(words)-1]
}

// TimedOut reports whether err is one of the ways in which a deadline shows itself.
func TimedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled) {
		return true
	}
	network, found := errors.AsType[net.Error](err)
	return found && network.Timeout()
}

// PeerClosed reports whether the other side ended the connection.
func PeerClosed(err error) bool {
	_, early := errors.AsType[*kgo.ErrFirstReadEOF](err)
	return early || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// RefusedSASL reports whether a broker, or the server that gives tokens, refused to log us in.
func RefusedSASL(err error) bool {
	return errors.As(err, new(*LoginError)) || errors.Is(err, kerr.SaslAuthenticationFailed) || errors.Is(err, kerr.UnsupportedSaslMechanism) || errors.Is(err, kerr.IllegalSaslState)
}
