package health

import (
	"cmp"
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

// answer is what asking came to, of one address or of a whole rung; the zero answer means "never got there".
type answer struct {
	verdict  Verdict
	evidence string
	hint     string
	err      error
	cut      bool // see Finding.cut
	wants    int  // see Finding.wants
}

// unmet is the answer that something does not hold yet, or never will, or not whole.
func unmet(evidence string, err error) answer {
	a := answer{verdict: Wait, evidence: evidence, err: err}
	switch {
	case cannotHeal(err):
		a.verdict = Fail
	case is[degradedError](err):
		a.verdict = Warn
	}
	switch invalid, _ := errors.AsType[x509.CertificateInvalidError](err); {
	case unverified(err) && invalid.Cert != nil && invalid.Reason == x509.Expired:
		a.hint = "renew the broker's certificate, or set the clock of the machine this runs on"
	case unverified(err):
		a.hint = "trust the CA that signed the broker's certificate, and use the name the certificate is for"
	}
	if hinting, found := errors.AsType[interface {
		error
		Hint() string
	}](err); found {
		a.hint = hinting.Hint()
	}
	return a
}

// symptom puts a network or Kafka error into the words of this package: short, and the same on every try.
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
	case closed(err):
		return "closes the connection"
	}
	return oneLine(err.Error())
}

// inWords is err as its maker put it, who says what was asked of whom, with a cause that is the network's in the words of
// this package.
func inWords(err error) string {
	if refusedSASL(err) || unverified(err) {
		return symptom(err)
	}
	text := err.Error()
	for _, cause := range causes(err) {
		_, network := cause.(*net.OpError)       //nolint:errorlint // causes has unwrapped it, here and below
		_, name := cause.(*net.DNSError)         //nolint:errorlint
		_, first := cause.(*kgo.ErrFirstReadEOF) //nolint:errorlint
		if network || name || first || slices.Contains([]error{context.DeadlineExceeded, context.Canceled, io.EOF}, cause) {
			text = strings.Replace(text, cause.Error(), symptom(cause), 1)
		}
	}
	return oneLine(text)
}

// causes is err and all that it wraps, outermost first.
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
	// What the resolver's connection came to begins with both its ends, of which ours changes on every try.
	words := strings.Split(err.Err, ": ")
	return "name not resolved: " + oneLine(words[len(words)-1])
}

// timedOut tells whether err is any of the ways a deadline shows itself.
func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled) {
		return true
	}
	network, found := errors.AsType[net.Error](err)
	return found && network.Timeout()
}

// closed tells whether the other side ended the connection.
func closed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || is[*kgo.ErrFirstReadEOF](err) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// certificateFault is why a certificate was not verified. Of one that is out of date the error tells the time as well.
func certificateFault(err error) string {
	invalid, found := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case !found || invalid.Cert == nil || invalid.Reason != x509.Expired:
		return oneLine(err.Error())
	case time.Now().Before(invalid.Cert.NotBefore):
		return "not valid before " + invalid.Cert.NotBefore.UTC().Format(time.DateTime)
	}
	return "expired at " + invalid.Cert.NotAfter.UTC().Format(time.DateTime)
}

func unverified(err error) bool { return is[*tls.CertificateVerificationError](err) }

// longest is what evidence may have of characters: a sentence of a broker's policy, not a dump.
const longest = 1000

// oneLine keeps evidence on one line that a terminal can show, whatever a server or a callback put into its message.
func oneLine(text string) string {
	printable := func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}
	line := []rune(strings.Map(printable, strings.Join(strings.Fields(text), " ")))
	if len(line) > longest {
		return string(line[:longest]) + "…"
	}
	return string(line)
}

// shown is how many addresses evidence names before "and N more".
const shown = 3

// list joins the first few items.
func list(items []string) string {
	if len(items) <= shown {
		return strings.Join(items, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(items[:shown], "; "), len(items)-shown)
}

// tally makes one answer of the answers of several addresses, of which need must hold. Zero answers do not count.
// Failing addresses are named in the given order; when enough hold, the others are named after them. A warning holds,
// and makes the whole a warning.
func tally(answers []answer, need int) answer {
	var held, warned, lost []string
	var errs []error
	var total, warning answer
	healable := 0
	for _, a := range answers {
		if a.verdict != Fail {
			healable++ // also the zero answer: it fell out on a lower rung, and may come back
		}
		switch a.verdict {
		case Pass:
			held = append(held, a.evidence)
		case Warn:
			warned = append(warned, a.evidence)
			warning.hint, warning.err = cmp.Or(warning.hint, a.hint), errors.Join(warning.err, a.err)
		case Wait, Fail:
			lost = append(lost, a.evidence)
			errs = append(errs, a.err)
			total.hint = cmp.Or(total.hint, a.hint)
			total.cut = total.cut || a.cut && a.verdict == Wait
			total.wants = max(total.wants, a.wants)
		case Skip, Unasked: // not the verdict of one address
		}
	}
	if len(held)+len(warned) >= need {
		total = answer{verdict: Pass, evidence: list(slices.Concat(warned, held)), hint: warning.hint, err: warning.err}
		if len(warned) > 0 {
			total.verdict = Warn
		}
		if len(lost) > 0 {
			total.evidence += "; not needed: " + list(lost)
		}
		return total
	}
	total.verdict, total.evidence, total.err = Wait, list(lost), errors.Join(errs...)
	if healable < need {
		total.verdict, total.cut = Fail, false
	}
	return total
}
