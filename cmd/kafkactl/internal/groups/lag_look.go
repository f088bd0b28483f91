package groups

import (
	"context"
	"time"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// timesTimeout bounds the look for times: a leader that is silent takes its own
// partitions' times only.
const timesTimeout = 2 * time.Second

// lagLook is what one look at the groups found.
type lagLook struct {
	groups.LagView
	topics   []groups.TopicLag  // of --by topic
	members  []groups.MemberLag // of --by member
	services []serviceLag       // of --by service
	missing  error              // groups that are not there, or may be
}

// nothing reports whether what was asked for is not there, or may not be.
func (l lagLook) nothing() bool { return len(l.Groups) == 0 && l.missing != nil }

// look asks the brokers. The error is that there is nothing to show.
func (o *lagOptions) look(ctx context.Context, client *groups.Client, config kafka.Config) (lagLook, error) {
	found, err := client.Lag(ctx, o.query())
	if found == nil && err != nil {
		return lagLook{}, err
	}
	view := groups.NewLagView(time.Now(), found)
	if o.by == lagByPartition || o.maxTimeLag > 0 {
		view.Times = timesOf(ctx, config, view.Unread())
	}
	return o.newLook(view, err), nil
}

// newLook is a look with the rows that lag is asked for by.
func (o *lagOptions) newLook(view groups.LagView, missing error) lagLook {
	look := lagLook{LagView: view, missing: missing}
	switch o.by {
	case lagByTopic:
		look.topics = view.ByTopic()
	case lagByMember:
		look.members = view.ByMember()
	case lagByService:
		look.services = o.byService(view)
	}
	return look
}

// timesOf are the times of the records at places; those that could not be read in time are
// left out.
func timesOf(ctx context.Context, config kafka.Config, places []groups.Place) map[groups.Place]time.Time {
	found := make(map[groups.Place]time.Time)
	if len(places) == 0 {
		return found
	}
	ctx, cancel := context.WithTimeout(ctx, timesTimeout)
	defer cancel()
	reader, err := record.NewReader(ctx, config, record.ReaderOptions{Uncommitted: true})
	if err != nil {
		return found
	}
	defer reader.Close()
	at := make([]record.At, len(places))
	for i, place := range places {
		at[i] = record.At(place)
	}
	times, err := reader.Timestamps(ctx, at)
	if err != nil {
		return found
	}
	for place, written := range times {
		found[groups.Place(place)] = written
	}
	return found
}
