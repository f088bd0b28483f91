package access

import (
	"slices"
	"strings"

	"kafkactl/internal/topicspec"
)

// Diff compares what the file asks for with what the brokers have. Its changes are in the order in which they are made:
// users, new ACLs, quotas, ACLs that go, users that go; among them by service in file order, then by resource. Removals
// have the risk [topicspec.RiskRevoke], and are blocked by [topicspec.Plan.Withhold] without the consent for just so
// many: here consent decides only whether bindings that the file does not declare are to go (Revokes > 0), or are
// listed as extras.
func Diff(d topicspec.DesiredAccess, o Observed, consent topicspec.Consent) Difference {
	c := comparison{
		desired: d, observed: o, consent: consent, owners: newOwners(d, o),
		compared: topicspec.AccessCompared{Services: len(d.Services), Extras: []topicspec.Extra{}, Prune: d.Prune, Notes: []string{}},
	}
	if !d.Managed() {
		return Difference{Compared: c.compared}
	}
	c.users()
	c.bindings()
	c.quotas()
	return Difference{Changes: slices.Concat(c.credentials, c.allowed, c.limits, c.revoked, c.forgotten), Compared: c.compared}
}

// comparison is a Diff under way.
type comparison struct {
	desired  topicspec.DesiredAccess
	observed Observed
	consent  topicspec.Consent
	owners   owners
	compared topicspec.AccessCompared

	credentials, allowed, limits, revoked, forgotten []topicspec.Change
}

// note adds a line to the notes, unless it is there.
func (c *comparison) note(line string) {
	if !slices.Contains(c.compared.Notes, line) {
		c.compared.Notes = append(c.compared.Notes, line)
	}
}

// change returns one with the stage that it is made in, or with the reason for which it is not.
func change(made topicspec.Change, blocked string) topicspec.Change {
	if blocked != "" {
		made.Action, made.Reason, made.Stage = topicspec.Blocked, blocked, ""
	} else {
		made.Stage = stageOf(made)
	}
	if made.Access.Reasons == nil {
		made.Access.Reasons = []string{}
	}
	return made
}

func stageOf(c topicspec.Change) topicspec.Stage {
	switch {
	case c.Kind == topicspec.KindQuota:
		return topicspec.StageQuotas
	case c.Kind == topicspec.KindUser && c.Action == topicspec.Delete:
		return topicspec.StageForget
	case c.Kind == topicspec.KindUser:
		return topicspec.StageUsers
	case c.Action == topicspec.Delete:
		return topicspec.StageRevoke
	default:
		return topicspec.StageAllow
	}
}

// userName returns the name that credentials and quotas of a principal have; false for one that is no user.
func userName(principal string) (string, bool) { return strings.CutPrefix(principal, userPrefix) }
