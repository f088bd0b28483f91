package readiness

import (
	"context"
	"fmt"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

// ProbeUsable is rung K7 for a program that will use the declared topics: it asks every broker once
// whether they can be used.
func ProbeUsable(ctx context.Context, client *admin.Client, desired []topicspec.Desired) (evidence string, err error) {
	err = client.Usable(ctx, desired)
	if err == nil {
		evidence = fmt.Sprintf("%s usable on every broker", term.Count(len(desired), "topic"))
	}
	return unlessRefused(evidence, err, "kafkactl apply makes what is declared; kafkactl describe TOPIC shows leaders and replicas")
}

// ProbePresent is rung K7 for topics that are waited for by name: whatever their settings, every
// broker must know them.
func ProbePresent(ctx context.Context, client *admin.Client, names []string) (evidence string, err error) {
	if err := client.Present(ctx, names); err != nil {
		return unlessRefused("", err, "kafkactl describe TOPIC shows how it stands; kafkactl apply, or kafkactl create TOPIC, makes one that is missing")
	}
	return strings.Join(names, ", ") + " usable on every broker", nil
}

// ProbeInTurn is one probe made of several. It asks them in turn until one fails, and its evidence
// is that of all.
func ProbeInTurn(questions []func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		var seen []string
		for _, ask := range questions {
			evidence, err := ask(ctx)
			if err != nil {
				return evidence, err
			}
			seen = append(seen, evidence)
		}
		return strings.Join(seen, "; "), nil
	}
}

// ProbeCondition is rung K7 for health: a topic that lacks spare replicas is degraded, and can be
// used.
func ProbeCondition(ctx context.Context, client *admin.Client, desired []topicspec.Desired) (evidence string, err error) {
	seen, err := client.Condition(ctx, desired)
	switch {
	case err != nil:
		return unlessRefused("", err, "")
	case len(seen.Unusable) > 0:
		return "", &sickError{seen.Unusable}
	case len(seen.Degraded) > 0:
		return "", health.Degraded(&sickError{seen.Degraded})
	default:
		return fmt.Sprintf("%s usable on every broker", term.Count(len(desired), "topic")), nil
	}
}

// sickError lists the issues of declared topics, worst first.
type sickError struct{ sick []admin.Issue }

// Error counts by kind and shows the worst few: "2 leaderless, 1 under-min-isr:
// order.created/0: no live leader, …; and 2 more".
func (e *sickError) Error() string {
	const shown = 3
	var kinds, lines []string
	counts := make(map[admin.IssueKind]int)
	for i, s := range e.sick {
		if counts[s.Kind]++; counts[s.Kind] == 1 {
			kinds = append(kinds, string(s.Kind))
		}
		if i < shown {
			lines = append(lines, s.String())
		}
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", counts[admin.IssueKind(kind)], kind)
	}
	if more := len(e.sick) - shown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(kinds, ", ") + ": " + strings.Join(lines, "; ")
}

// Hint returns the next step for the worst of them.
func (e *sickError) Hint() string {
	switch worst := e.sick[0]; worst.Kind {
	case admin.Differs:
		if worst.Topic == "" { // the brokers disagree about the brokers, not about a topic
			return "brokers that are joining or leaving agree soon; if this one does not, look at its log"
		}
		return "kafkactl plan shows every difference, and what apply makes of it"
	case admin.Leaderless:
		return "start the brokers that hold its replicas, or look for a full or broken disk in their logs"
	case admin.Silent:
		return "the broker is frozen or overloaded: look at its log"
	case admin.UnderMinISR:
		return "start the brokers that are away, and their replicas catch up by themselves; where none is, replicas are being added, " +
			"which min.insync.replicas counts from the start: wait for their copies, or lower it meanwhile"
	default:
		return "start the brokers that are away; their replicas catch up by themselves"
	}
}
