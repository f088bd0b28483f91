package groups

import (
	"context"
	"time"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// timesTimeout bounds the reading of times. Without the answer of a silent leader only the times of
// its partitions are missing.
const timesTimeout = 2 * time.Second

// lagSnapshot is the lag at one moment: what the brokers answered, and the rows that --by asks for.
type lagSnapshot struct {
	groups.LagView
	topics   []groups.TopicLag  // of --by topic
	members  []groups.MemberLag // of --by member
	services []serviceLag       // of --by service
	missing  error              // groups that are not there, or may be
	hidden   hidden
}

// isEmpty reports whether there are no groups to show, because those that were asked for are missing.
func (l lagSnapshot) isEmpty() bool { return len(l.Groups) == 0 && l.missing != nil }

// takeSnapshot asks the brokers. An error means that there is nothing to show.
func (o *lagOptions) takeSnapshot(ctx context.Context, client *groups.Client, config kafka.Config) (lagSnapshot, error) {
	hides := askHidden(ctx, config, client, len(o.groups) > 0)
	found, err := client.Lag(ctx, o.query())
	if found == nil && err != nil {
		return lagSnapshot{}, err
	}
	h, unknown := hides(found)
	if unknown != nil && err == nil {
		return lagSnapshot{}, unknown
	}
	for i := range found {
		found[i].Sum.Failed = found[i].Sum.Failed || h.unseen(&found[i])
	}
	view := groups.NewLagView(time.Now(), found)
	if o.by == lagByPartition || o.maxTimeLag > 0 {
		view.Times = recordTimes(ctx, config, view.Unread())
	}
	snapshot := o.newSnapshot(view, err)
	snapshot.hidden = h
	snapshot.Total.Failed = snapshot.Total.Failed || h.partial() && !hasPartitions(found)
	return snapshot, nil
}

// newSnapshot returns a snapshot with the rows that --by asks for.
func (o *lagOptions) newSnapshot(view groups.LagView, missing error) lagSnapshot {
	snapshot := lagSnapshot{LagView: view, missing: missing}
	switch o.by {
	case lagByTopic:
		snapshot.topics = view.ByTopic()
	case lagByMember:
		snapshot.members = view.ByMember()
	case lagByService:
		snapshot.services = o.byService(view)
	}
	return snapshot
}

// recordTimes returns the times of the records at places, without those that could not be read in
// time.
func recordTimes(ctx context.Context, config kafka.Config, places []groups.Place) map[groups.Place]time.Time {
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
