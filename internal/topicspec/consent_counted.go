package topicspec

import "fmt"

// Deletions counts the deletions that can be made and must be accepted.
func (p Plan) Deletions() int {
	n := 0
	for _, c := range p.Changes {
		if c.Action == Delete && c.Risk == RiskDelete && c.use() == "" {
			n++
		}
	}
	return n
}

// Revocations counts the removals of rights, credentials and quotas that can be made and must be accepted.
func (p Plan) Revocations() int {
	n := 0
	for _, c := range p.Changes {
		if c.Action != Blocked && c.Risk == RiskRevoke {
			n++
		}
	}
	return n
}

// refuseCounted says why a change is not accepted whose risk is accepted by how many changes have it, "" when it is: just
// as many are accepted as can be made. planned is their number in words.
func (c Change) refuseCounted(accepted, count int, planned string) string {
	switch {
	case accepted == count:
		return ""
	case accepted > 0 && count == 1:
		return fmt.Sprintf("%s is planned: --accept %s=1", planned, c.Risk)
	case accepted > 0:
		return fmt.Sprintf("%s are planned: --accept %s=%d", planned, c.Risk, count)
	default:
		return fmt.Sprintf("%s: --accept %s=%d allows it", c.consequence(), c.Risk, count)
	}
}
