package records

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
)

// groupCommits commits for --group what was printed: every second as long as records are read, and
// once more at the end. It never waits for whoever reads the output: what is not written yet is
// committed later. Without a group it does nothing.
type groupCommits struct {
	group offsetCommitter // nil without a group
	out   *term.PipeWriter
	done  chan struct{}
	ended sync.WaitGroup

	mu     sync.Mutex
	marks  []commitMark
	failed error // the run is over then
}

// offsetCommitter commits offsets for a group: a [*record.Group].
type offsetCommitter interface {
	Commit(ctx context.Context, offsets kadm.Offsets) error
}

// commitMark is offsets that may be committed once so many buffers were written.
type commitMark struct {
	handed  int64
	offsets kadm.Offsets
}

const (
	commitEvery = time.Second // not more often than this
	// What was printed is committed also when the run was interrupted, which it may hold up for so
	// long.
	commitLinger  = 400 * time.Millisecond
	commitTimeout = 10 * time.Second
)

// newGroupCommits starts to commit; finish ends it. A commit that fails calls fail once. ctx is
// that of the run.
func newGroupCommits(ctx context.Context, group offsetCommitter, out *term.PipeWriter, fail func(error)) *groupCommits {
	m := &groupCommits{group: group, out: out, done: make(chan struct{})}
	if group == nil {
		return m
	}
	m.ended.Go(func() {
		cli.CallEvery(commitEvery, m.done, func() {
			if m.failed != nil {
				return
			}
			if m.failed = m.commit(ctx); m.failed != nil {
				fail(m.failed)
			}
		})
	})
	return m
}

// mark notes that everything before next was handed to the pipe writer. The goroutine that hands it
// over calls this.
func (m *groupCommits) mark(topic string, partition int32, next int64) {
	if m.group == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.marks); n == 0 || m.marks[n-1].handed < m.out.Handed {
		m.marks = append(m.marks, commitMark{m.out.Handed, make(kadm.Offsets)})
	}
	m.marks[len(m.marks)-1].offsets.AddOffset(topic, partition, next, -1)
}

// rewind notes that a partition is read again from next on, and that what was to be committed for it
// is of a log that is gone. -1 is for a partition that is gone, too.
func (m *groupCommits) rewind(topic string, partition int32, next int64) {
	if m.group == nil {
		return
	}
	m.mu.Lock()
	for i := range m.marks {
		m.marks[i].offsets.Delete(topic, partition)
	}
	m.mu.Unlock()
	if next >= 0 {
		m.mark(topic, partition, next)
	}
}

// written takes the offsets before which everything is written.
func (m *groupCommits) written() kadm.Offsets {
	m.mu.Lock()
	defer m.mu.Unlock()
	offsets, written := make(kadm.Offsets), m.out.Written.Load()
	for len(m.marks) > 0 && m.marks[0].handed <= written {
		m.marks[0].offsets.Each(offsets.Add)
		m.marks = m.marks[1:]
	}
	return offsets
}

// commit commits what is written by now.
func (m *groupCommits) commit(ctx context.Context) error {
	offsets := m.written()
	if len(offsets) == 0 {
		return nil
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(commitLinger, cancel) })()
	return m.group.Commit(late, offsets)
}

// finish commits what is left of what was written, unless the reader is gone: nobody knows how much
// of it that one took. The run ended with err; the error is that of any commit.
func (m *groupCommits) finish(ctx context.Context, err error) error {
	close(m.done)
	m.ended.Wait()
	if m.failed != nil || errors.Is(err, term.ErrReaderGone) {
		return m.failed
	}
	return m.commit(ctx)
}
