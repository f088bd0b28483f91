package readiness

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Advice is what is there, is right for Kafka, and will cost records or writes when a broker stops. It says
// nothing about whether the cluster is ready.
type Advice struct {
	List []topicspec.Advice
	// NotKnown lists what could not be looked at, and why: what is said about that is not "nothing".
	NotKnown []string
}

// adviceTime bounds the questions for advice: some brokers are listed first, and described then.
const adviceTime = 2 * kafka.AskTimeout

// Advise looks at all topics and groups that the client may see.
func (l *BrokerLadder) Advise(ctx context.Context, config kafka.Config) Advice {
	ctx, cancel := context.WithTimeout(ctx, adviceTime)
	defer cancel()
	asker := groups.New(l.kafka)
	topicsHidden := config.AskHidden(ctx, l.Client.HidesTopics)
	groupsHidden := config.AskHidden(ctx, asker.HidesGroups)
	var (
		members   []groups.Group
		groupsErr error
		asking    sync.WaitGroup
	)
	asking.Go(func() { members, groupsErr = asker.Members(ctx) })
	cluster, topicsErr := l.Client.ObserveCluster(ctx)
	asking.Wait()

	advice := Advice{}
	advice.missing("topics", topicsErr, topicsHidden, len(cluster.Topics) == 0)
	advice.missing("consumer groups", groupsErr, groupsHidden, len(members) == 0)
	for _, g := range members {
		cluster.Groups = append(cluster.Groups, membersOf(g))
	}
	advice.NotKnown = slices.Compact(advice.NotKnown)
	advice.List = cluster.Advice()
	return advice
}

// missing notes what is not known of the topics, or groups: what err says, and that some may be hidden.
func (a *Advice) missing(what string, err error, hidden func(bool) (string, error), empty bool) {
	a.NotKnown = append(a.NotKnown, reasons(what, err)...)
	viewer, err := hidden(empty && err == nil)
	if viewer != "" {
		a.NotKnown = append(a.NotKnown, what+" that "+viewer+" may not see, where there are any")
	}
	a.NotKnown = append(a.NotKnown, reasons(what, err)...)
}

// reasons returns a line about each of the errors that err is made of.
func reasons(what string, err error) []string {
	if joined, several := err.(interface{ Unwrap() []error }); several {
		var lines []string
		for _, one := range joined.Unwrap() {
			lines = append(lines, reasons(what, one)...)
		}
		return lines
	}
	switch {
	case err == nil:
		return nil
	case kafka.TimedOut(err):
		return []string{what + ": the brokers did not answer in time"}
	default:
		return []string{what + ": " + kafka.InWords(err)}
	}
}

// membersOf counts the members of a group that consumes.
func membersOf(g groups.Group) topicspec.GroupMembers {
	found := topicspec.GroupMembers{Group: g.Name, Members: len(g.Members)}
	topics := make(map[string]bool)
	for _, m := range g.Members {
		if len(m.Assigned) == 0 {
			found.Idle++
		}
		for _, p := range m.Assigned {
			topics[p.Topic] = true
		}
	}
	found.Topics = slices.Sorted(maps.Keys(topics))
	return found
}

// Lines returns the advice for people, a line each, and one about what is not known.
func (a Advice) Lines() []string {
	var lines []string
	for _, one := range a.List {
		text := one.Text
		if one.Group == "" {
			text = firstFew(one.Topics) + ": " + text
		}
		lines = append(lines, "warning: "+text)
	}
	if len(a.NotKnown) > 0 {
		lines = append(lines, "note: what a broker that stops would cost is not known of "+strings.Join(a.NotKnown, "; "))
	}
	return lines
}

// firstFew names the first topics, and counts the others.
func firstFew(topics []string) string {
	const shown = 3
	if len(topics) <= shown+1 { // "and 1 more" would be no shorter than its name
		return strings.Join(topics, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(topics[:shown], ", "), len(topics)-shown)
}
