package health

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/kafka"
)

// answer is the result of a question, for one address or for a whole rung. The zero answer means
// that the question was never asked.
type answer struct {
	verdict  Verdict
	evidence string
	hint     hint
	err      error
	cut      bool     // see Finding.cut
	absent   []answer // see Finding.absent
}

// unmet returns the answer that something does not hold: Fail where err cannot heal, Warn where it
// is marked as Degraded, otherwise Wait.
func unmet(evidence string, err error) answer {
	a := answer{verdict: Wait, evidence: evidence, err: err}
	switch {
	case cannotHeal(err):
		a.verdict = Fail
	case hasError[degradedError](err):
		a.verdict = Warn
	}
	if advice := kafka.CertificateHint(err); advice != "" {
		a.hint = hint{"certificate", advice}
	}
	if hinting, found := errors.AsType[interface {
		error
		Hint() string
	}](err); found {
		a.hint = hint{"given", hinting.Hint()}
	}
	return a
}

// maxShown is how many addresses evidence names before "and N more".
const maxShown = 3

// firstFew joins the first maxShown items and says how many more there are.
func firstFew(items []string) string {
	if len(items) <= maxShown {
		return strings.Join(items, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(items[:maxShown], "; "), len(items)-maxShown)
}

// combine makes one answer of the answers of several addresses, of which need must hold. Zero
// answers do not count. Addresses that fail are named in the given order; when enough hold, the
// others are named after them. A warning holds, and makes the whole a warning. A fault of this
// process is all there is to say, however many hold.
func combine(answers []answer, need int) answer {
	var held, warned, lost []string
	var errs []error
	var total, warning answer
	healable := 0
	if i := slices.IndexFunc(answers, func(a answer) bool { return kafka.OwnFault(a.err) != nil }); i >= 0 {
		return answers[i]
	}
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
		case Skip, Unasked: // not the verdict of one address
		}
	}
	if len(held)+len(warned) >= need {
		total = answer{verdict: Pass, evidence: firstFew(slices.Concat(warned, held)), hint: warning.hint, err: warning.err}
		if len(warned) > 0 {
			total.verdict = Warn
		}
		if len(lost) > 0 {
			total.evidence += "; not needed: " + firstFew(lost)
		}
		return total
	}
	total.verdict, total.evidence, total.err = Wait, firstFew(lost), errors.Join(errs...)
	if healable < need {
		total.verdict, total.cut = Fail, false
	}
	return total
}
