package main

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/internal/record"
)

// commits commits for --group what was printed. Without a group it does nothing.
type commits struct {
	group   *record.Group
	out     *outlet
	pending kadm.Offsets
	last    time.Time
}

const (
	commitEvery = time.Second // not more often than this
	// What was printed is committed also when the run was interrupted, which it may
	// hold up for so long.
	commitLinger  = 500 * time.Millisecond
	commitTimeout = 10 * time.Second
)

func newCommits(group *record.Group, out *outlet) *commits {
	return &commits{group: group, out: out, pending: make(kadm.Offsets), last: time.Now()}
}

// add notes that everything before next was handed to the outlet.
func (m *commits) add(ctx context.Context, topic string, partition int32, next int64) error {
	if m.group == nil {
		return nil
	}
	m.pending.AddOffset(topic, partition, next, -1)
	if time.Since(m.last) < commitEvery {
		return nil
	}
	return m.commit(ctx)
}

// commit commits once all that was handed to the outlet is written.
func (m *commits) commit(ctx context.Context) error {
	if len(m.pending) == 0 {
		return nil
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(commitLinger, cancel) })()
	if err := m.out.flush(late); err != nil {
		return err
	}
	if err := m.group.Commit(late, m.pending); err != nil {
		return err
	}
	m.pending, m.last = make(kadm.Offsets), time.Now()
	return nil
}
