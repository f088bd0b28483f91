package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"kafkactl/internal/topicspec"
)

// consentFlag is the value of --accept: risks by their names, one each time it is given.
type consentFlag struct {
	consent *topicspec.Consent
	allowed []topicspec.Risk
	given   []string
}

// ConsentVar adds --accept, which takes one of the allowed risks each time it is given, or any of them when none is
// named. It has no variable of the environment, and must not get one: consent is given to one command on its command
// line, and not to all that a container or a job will ever run.
func ConsentVar(flags *pflag.FlagSet, p *topicspec.Consent, allowed ...topicspec.Risk) {
	if len(allowed) == 0 {
		allowed = []topicspec.Risk{topicspec.RiskMove, topicspec.RiskDelete, topicspec.RiskRekey, topicspec.RiskTrim}
	}
	f := &consentFlag{consent: p, allowed: allowed}
	flags.Var(f, "accept", "make also what has this risk: "+strings.Join(f.forms("N"), ", ")+"; repeatable")
}

// forms lists what the flag takes, with n for the number of deletions.
func (f *consentFlag) forms(n string) []string {
	forms := wordsOf(f.allowed)
	for i, risk := range f.allowed {
		if risk == topicspec.RiskDelete {
			forms[i] += "=" + n
		}
	}
	return forms
}

// Words lists what completion offers.
func (f *consentFlag) Words() []string { return f.forms("1") }

// String returns what was given; pflag asks a zero value for it as well.
func (f *consentFlag) String() string { return strings.Join(f.given, " ") }

// Type is what the help calls the value.
func (f *consentFlag) Type() string { return "risk" }

// Set accepts one risk more.
func (f *consentFlag) Set(text string) error {
	name, number, counted := strings.Cut(text, "=")
	risk := topicspec.Risk(name)
	if !slices.Contains(f.allowed, risk) || counted != (risk == topicspec.RiskDelete) {
		return fmt.Errorf("must be one of %s", strings.Join(f.forms("N"), ", "))
	}
	switch risk {
	case topicspec.RiskMove:
		f.consent.Move = true
	case topicspec.RiskRekey:
		f.consent.Rekey = true
	case topicspec.RiskTrim:
		f.consent.Trim = true
	case topicspec.RiskDelete:
		n, err := strconv.Atoi(number)
		switch {
		case err != nil || n < 1:
			return fmt.Errorf("must be delete=N, with the number of topics to delete")
		case f.consent.Deletes != 0 && f.consent.Deletes != n:
			return fmt.Errorf("the number of topics to delete was %d before", f.consent.Deletes)
		}
		f.consent.Deletes = n
	case topicspec.NoRisk:
	}
	f.given = append(f.given, text)
	return nil
}
