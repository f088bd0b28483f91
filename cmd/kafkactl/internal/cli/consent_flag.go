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
		allowed = []topicspec.Risk{topicspec.RiskMove, topicspec.RiskDelete, topicspec.RiskRekey, topicspec.RiskTrim, topicspec.RiskRevoke}
	}
	f := &consentFlag{consent: p, allowed: allowed}
	flags.Var(f, "accept", "make also what has this risk: "+strings.Join(f.forms("N"), ", ")+"; repeatable")
}

// forms lists what the flag takes, with n for the number of deletions or revocations.
func (f *consentFlag) forms(n string) []string {
	forms := wordsOf(f.allowed)
	for i, risk := range f.allowed {
		if counted(risk) {
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
	name, number, numbered := strings.Cut(text, "=")
	risk := topicspec.Risk(name)
	if !slices.Contains(f.allowed, risk) || numbered != counted(risk) {
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
		if err := setCount(&f.consent.Deletes, risk, number, "topics to delete"); err != nil {
			return err
		}
	case topicspec.RiskRevoke:
		if err := setCount(&f.consent.Revokes, risk, number, "ACLs, credentials and quotas to remove"); err != nil {
			return err
		}
	case topicspec.NoRisk:
	}
	f.given = append(f.given, text)
	return nil
}

// counted reports whether a risk is accepted by how many changes have it.
func counted(risk topicspec.Risk) bool {
	return risk == topicspec.RiskDelete || risk == topicspec.RiskRevoke
}

// setCount reads the number of what is accepted, which nobody may give twice otherwise.
func setCount(count *int, risk topicspec.Risk, number, what string) error {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 1:
		return fmt.Errorf("must be %s=N, with the number of %s", risk, what)
	case *count != 0 && *count != n:
		return fmt.Errorf("the number of %s was %d before", what, *count)
	}
	*count = n
	return nil
}
