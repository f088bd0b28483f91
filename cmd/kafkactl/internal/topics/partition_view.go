package topics

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
)

// kindText returns an issue in words that go behind a count: "3 under min ISR".
func kindText(k admin.IssueKind) string {
	switch k {
	case admin.Silent:
		return "with a leader that does not tell"
	case admin.UnderMinISR:
		return "under min ISR"
	case admin.AtMinISR:
		return "at min ISR"
	case admin.OfflineReplica:
		return "with offline replicas"
	case admin.NotPreferred:
		return "off the preferred leader"
	default:
		return string(k)
	}
}

// kindStyle returns the style of an issue: bad where clients are kept from work, otherwise a
// warning.
func kindStyle(st term.Styles, k admin.IssueKind) lipgloss.Style {
	switch k {
	case admin.Leaderless, admin.Silent, admin.UnderMinISR:
		return st.Bad
	default:
		return st.Warn
	}
}

// healthText sums up the issues of partitions, worst first: "1 leaderless, 2 under-replicated".
func healthText(st term.Styles, partitions []admin.Partition) string {
	counts := make(map[admin.IssueKind]int)
	healthy := true
	for _, p := range partitions {
		healthy = healthy && p.Healthy()
		for _, k := range p.Issues() {
			counts[k]++
		}
	}
	var parts []string
	if healthy {
		parts = append(parts, st.Good.Render("ok"))
	}
	for _, k := range []admin.IssueKind{
		admin.Leaderless, admin.Silent, admin.UnderMinISR, admin.AtMinISR, admin.UnderReplicated, admin.OfflineReplica, admin.NotPreferred,
	} {
		if counts[k] > 0 {
			parts = append(parts, kindStyle(st, k).Render(st.Number(int64(counts[k]))+" "+kindText(k)))
		}
	}
	return strings.Join(parts, ", ")
}

// leaderText returns the leader, marked when there is none or it is not the preferred one.
func leaderText(st term.Styles, p admin.Partition) string {
	switch {
	case p.Leader < 0:
		return st.Bad.Render("none!")
	case !p.Preferred():
		return st.Warn.Render(strconv.Itoa(p.Leader) + "!")
	}
	return strconv.Itoa(p.Leader)
}

// replicasText returns the replicas, those marked that are offline.
func replicasText(st term.Styles, p admin.Partition) string {
	parts := make([]string, len(p.Replicas))
	for i, id := range p.Replicas {
		parts[i] = strconv.Itoa(id)
		if slices.Contains(p.Offline, id) {
			parts[i] = st.Bad.Render(parts[i] + "!")
		}
	}
	return term.OrDash(strings.Join(parts, ","))
}

// inSyncText returns the in-sync replicas, marked when some are missing.
func inSyncText(st term.Styles, p admin.Partition) string {
	switch {
	case p.Has(admin.UnderMinISR):
		return st.Bad.Render(term.JoinIDs(p.ISR) + "!")
	case p.Missing() > 0:
		return st.Warn.Render(term.JoinIDs(p.ISR) + "!")
	}
	return term.JoinIDs(p.ISR)
}

// issuesText returns in words what the marks in the other cells are about.
func issuesText(st term.Styles, p admin.Partition) string {
	var parts []string
	say := func(k admin.IssueKind, text string) { parts = append(parts, kindStyle(st, k).Render(text)) }
	inSync := fmt.Sprintf("%d of %d in sync", len(p.InSync()), p.Required())
	for _, k := range p.Issues() {
		switch k {
		case admin.Leaderless:
			say(k, "no leader")
		case admin.Silent:
			say(k, "leader: "+leaderFault(p.LeaderErr))
		case admin.UnderMinISR, admin.AtMinISR:
			say(k, fmt.Sprintf("%s (%s, %d needed)", kindText(k), inSync, p.Needed()))
		case admin.UnderReplicated:
			if len(p.InSync()) > p.Needed() {
				say(k, fmt.Sprintf("under-replicated (%s)", inSync))
			}
		case admin.OfflineReplica:
			say(k, "offline: "+term.JoinIDs(p.Offline))
		case admin.NotPreferred:
			say(k, fmt.Sprintf("preferred leader is %d", p.Replicas[0]))
		default:
			say(k, kindText(k))
		}
	}
	if len(p.Adding) > 0 {
		parts = append(parts, "being added: "+term.JoinIDs(p.Adding))
	}
	if parts == nil {
		return st.Good.Render("ok")
	}
	return strings.Join(parts, ", ")
}

// leaderFault returns Kafka's name of a leader's refusal, or the text of any other error.
func leaderFault(err error) string {
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		return kafka.Message
	}
	return err.Error()
}
