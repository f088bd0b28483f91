package groups

import (
	"cmp"
	"context"
	"slices"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// hidden is what an answer may lack: brokers leave groups, and what groups committed of topics, out
// without a word where the client may not describe them.
type hidden struct {
	viewer string // who may not see all there may be; "" where all is there
	topics bool   // it is topics, so that a group without any may have some
}

// partial reports whether something may be missing.
func (h hidden) partial() bool { return h.viewer != "" }

// unseen reports whether there is nothing to be seen of a group that may have something.
func (h hidden) unseen(g *groups.GroupLag) bool {
	return h.topics && len(g.Partitions) == 0 && g.Err == nil
}

// askHidden asks beside what is asked meanwhile; the function that it returns waits for the answer, and
// is given the groups that were found. A group that is named and hidden is refused: only topics are in
// question then.
func askHidden(ctx context.Context, config kafka.Config, client *groups.Client, named bool) func([]groups.GroupLag) (hidden, error) {
	topics := config.AskHidden(ctx, client.HidesTopics)
	others := func(bool) (string, error) { return "", nil }
	if !named {
		others = config.AskHidden(ctx, client.HidesGroups)
	}
	return func(found []groups.GroupLag) (hidden, error) {
		ofTopics, err := topics(!hasPartitions(found))
		if err != nil {
			return hidden{}, err
		}
		ofGroups, err := others(len(found) == 0)
		if err != nil {
			return hidden{}, err
		}
		return hidden{cmp.Or(ofTopics, ofGroups), ofTopics != ""}, nil
	}
}

// hasPartitions reports whether there is any lag to look at.
func hasPartitions(found []groups.GroupLag) bool {
	return slices.ContainsFunc(found, func(g groups.GroupLag) bool { return len(g.Partitions) > 0 })
}

// noteNoGroups says that there are no groups, or none that the client may see. It reports whether that
// is the whole answer: programs get an empty list.
func noteNoGroups(a *cli.App, h hidden) bool {
	text := a.Format == cli.FormatTable || a.Format == cli.FormatWide
	switch {
	case h.partial():
		a.NoteHidden(h.viewer, "no consumer groups", "--group GROUP")
	case text:
		a.Notef("no consumer groups")
	}
	return text
}

// unseenText is the note of a group of which nothing can be seen.
func unseenText(h hidden) string { return "no topic that " + h.viewer + " may see" }
