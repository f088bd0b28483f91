package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kafkactl/internal/admin"
	"kafkactl/internal/record"
)

// timesTimeout bounds the look for times: a leader that is silent takes its own
// partitions' times only.
const timesTimeout = 2 * time.Second

// lagLook is what one look at the groups found.
type lagLook struct {
	at      time.Time
	groups  []admin.GroupStanding   // the worst first
	times   map[record.At]time.Time // of the records that are next to be read; nil when not asked for
	missing error                   // groups that are not there, or may be
}

// nothing tells that what was asked for is not there, or may not be.
func (l lagLook) nothing() bool { return len(l.groups) == 0 && l.missing != nil }

// look asks the brokers. The error is that there is nothing to tell.
func (o *lagOptions) look(ctx context.Context, client *admin.Client, config admin.Config) (lagLook, error) {
	groups, err := client.GroupStandings(ctx, o.query())
	if groups == nil && err != nil {
		return lagLook{}, err
	}
	look := lagLook{at: time.Now(), groups: groups, missing: err}
	slices.SortStableFunc(look.groups, func(a, b admin.GroupStanding) int { return worse(sumOf(&a), sumOf(&b)) })
	if o.by.value == lagByPartition || o.maxTimeLag > 0 {
		look.times = timesOf(ctx, config, groups)
	}
	return look, nil
}

// timesOf are the times of the records that are next to be read; of those that could not
// be read in time there are none.
func timesOf(ctx context.Context, config admin.Config, groups []admin.GroupStanding) map[record.At]time.Time {
	var places []record.At
	for _, g := range groups {
		for i := range g.Partitions {
			if p := &g.Partitions[i]; p.Lag > 0 {
				places = append(places, nextOf(p))
			}
		}
	}
	if len(places) == 0 {
		return map[record.At]time.Time{}
	}
	ctx, cancel := context.WithTimeout(ctx, timesTimeout)
	defer cancel()
	reader, err := record.NewReader(ctx, config, record.ReaderOptions{Uncommitted: true})
	if err != nil {
		return map[record.At]time.Time{}
	}
	defer reader.Close()
	times, err := reader.Timestamps(ctx, places)
	if err != nil {
		return map[record.At]time.Time{}
	}
	return times
}

// nextOf is the place that a group reads next.
func nextOf(p *admin.PartitionStanding) record.At {
	return record.At{Topic: p.Topic, Partition: p.Partition, Offset: max(p.Committed, p.LogStart)}
}

// timeLag is how old the record is that is next to be read; false when that is not known.
// Clocks differ: one that was written in the future is not old.
func (l lagLook) timeLag(p *admin.PartitionStanding) (time.Duration, bool) {
	if p.Lag == 0 {
		return 0, true
	}
	written, ok := l.times[nextOf(p)]
	if p.Lag < 0 || !ok {
		return 0, false
	}
	return max(l.at.Sub(written), 0), true
}

// lagSum is the lag of some partitions.
type lagSum struct {
	known   int64 // what is known of it
	unknown int   // partitions of which it is not
	failed  bool  // nothing is known: the group could not be looked at
	read    int64 // sum of the offsets that are next to be read, where known
}

func (s *lagSum) add(p *admin.PartitionStanding) {
	switch {
	case p.TopicGone:
	case p.Lag < 0:
		s.unknown++
	default:
		s.known += p.Lag
		s.read += p.End - p.Lag
	}
}

func sumOf(g *admin.GroupStanding) lagSum {
	s := lagSum{failed: g.Err != nil}
	for i := range g.Partitions {
		s.add(&g.Partitions[i])
	}
	return s
}

// whole tells that nothing of the sum is unknown.
func (s lagSum) whole() bool { return s.unknown == 0 && !s.failed }

// some tells that there is lag, or may be.
func (s lagSum) some() bool { return s.known > 0 || !s.whole() }

// String is the lag for people, such as "54", or "≥54" when some is not known.
func (s lagSum) String() string {
	switch {
	case s.whole():
		return fmt.Sprint(s.known)
	case s.known > 0:
		return fmt.Sprintf("≥%d", s.known)
	default:
		return "unknown"
	}
}

// worse orders sums: first where nothing could be told, then by lag, the largest first.
func worse(a, b lagSum) int {
	if a.failed != b.failed {
		if a.failed {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.known, a.known), cmp.Compare(b.unknown, a.unknown))
}
