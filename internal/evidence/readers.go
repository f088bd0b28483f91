package evidence

import (
	"context"
	"errors"
	"slices"

	"kafkactl/internal/groups"
)

// errHidden says that there may be groups that the login does not see.
var errHidden = errors.New("groups may be hidden: seeing all of them needs Describe on all groups, or on the cluster")

// askReaders fills in which groups have to do with the subjects, or may have, and how far they have read.
func (c *Client) askReaders(ctx context.Context, asked subjects) {
	var (
		lags              []groups.GroupLag
		err, hiddenErr    error
		hidden            bool
		topics            = asked.names()
		query             = groups.LagQuery{Topics: topics, AllReaders: true}
		answered, unknown = make(map[string][]groups.GroupLag), []groups.GroupLag(nil)
	)
	together(
		func() { lags, err = c.groups.Lag(ctx, query) },
		func() { hidden, hiddenErr = c.groups.HidesGroups(ctx) },
	)
	if hidden {
		hiddenErr = errHidden
	}
	for _, g := range lags {
		for _, topic := range g.Topics {
			answered[topic] = append(answered[topic], g)
		}
		if len(g.Topics) == 0 || g.Err != nil {
			unknown = append(unknown, g)
		}
	}
	for name, s := range asked {
		s.readersErr = firstOf(err, hiddenErr)
		s.lags = slices.Concat(answered[name], unrelated(name, unknown))
	}
}

// unrelated returns the groups that have not said that they have to do with a topic.
func unrelated(topic string, all []groups.GroupLag) []groups.GroupLag {
	return slices.DeleteFunc(slices.Clone(all), func(g groups.GroupLag) bool { return hasTopic(g, topic) })
}

func hasTopic(g groups.GroupLag, topic string) bool { return slices.Contains(g.Topics, topic) }
