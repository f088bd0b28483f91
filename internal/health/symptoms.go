package health

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/twmb/franz-go/pkg/kgo"
)

// symptom returns a network or Kafka error in the words of this package: short, and the same on
// every try.
func symptom(err error) string {
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
	case unverified(err):
		return "certificate not verified: " + certificateFault(err)
	case refusedSASL(err):
		return "SASL refused: " + oneLine(err.Error())
	case timedOut(err):
		return "no answer"
	case peerClosed(err):
		return "closes the connection"
	}
	return oneLine(err.Error())
}

// inWords returns the text of a callback's error, which says what was asked of which broker; a
// network error within it is replaced by its symptom.
func inWords(err error) string {
	if refusedSASL(err) || unverified(err) {
		return symptom(err)
	}
	text := err.Error()
	for _, cause := range causes(err) {
		if ofNetwork(cause) {
			text = strings.Replace(text, cause.Error(), symptom(cause), 1)
		}
	}
	return oneLine(text)
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
	return "name not resolved: " + oneLine(words[len(words)-1])
}

// timedOut reports whether err is one of the ways in which a deadline shows itself.
func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled) {
		return true
	}
	network, found := errors.AsType[net.Error](err)
	return found && network.Timeout()
}

// peerClosed reports whether the other side ended the connection.
func peerClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || hasError[*kgo.ErrFirstReadEOF](err) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// certificateFault returns why a certificate was not verified. For one that is out of date it
// returns its date alone: the error's own text has the time of the try.
func certificateFault(err error) string {
	dated := outOfDate(err)
	switch {
	case dated == nil:
		return oneLine(err.Error())
	case time.Now().Before(dated.NotBefore):
		return "not valid before " + dated.NotBefore.UTC().Format(time.DateTime)
	}
	return "expired at " + dated.NotAfter.UTC().Format(time.DateTime)
}

// outOfDate returns the certificate that err is about when the fault is its date; otherwise nil.
func outOfDate(err error) *x509.Certificate {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	if !unverified(err) || invalid.Reason != x509.Expired {
		return nil
	}
	return invalid.Cert
}

func unverified(err error) bool { return hasError[*tls.CertificateVerificationError](err) }

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
