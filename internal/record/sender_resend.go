package record

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// isRefusal reports whether err means that a broker, or kgo, refused a batch because of some
// record in it. All records of the batch get this error, and from kgo also those behind it.
func isRefusal(err error) bool {
	return isTooLarge(err) || errors.Is(err, kerr.InvalidRecord) || errors.Is(err, kerr.InvalidTimestamp) ||
		errors.Is(err, kerr.CorruptMessage) || errors.Is(err, kerr.UnsupportedForMessageFormat)
}

func isTooLarge(err error) bool {
	return errors.Is(err, kerr.MessageTooLarge) || errors.Is(err, kerr.RecordListTooLarge)
}

// drain returns when all records that were passed to kgo have been reported. It sends those that
// were refused again.
func (s *Sender) drain() {
	for {
		_ = s.stream.to.Flush(s.base) // base does not end
		refused := s.takeRefused()
		if len(refused) == 0 {
			return
		}
		for len(refused) > 0 {
			partition := refused[0].Partition
			var group, others []*Outgoing
			for _, o := range refused {
				if o.Partition == partition {
					group = append(group, o)
				} else {
					others = append(others, o)
				}
			}
			s.resend(group)
			refused = others
		}
		s.shrinkBatches()
	}
}

// takeRefused returns the refused records, and forgets them.
func (s *Sender) takeRefused() []*Outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := s.refused
	s.refused = nil
	s.trouble.Store(s.stopped != nil)
	return refused
}

// resend sends records of one partition as one batch while nothing else is being sent. Those that
// are refused again are sent in halves. A record that is refused alone has failed.
func (s *Sender) resend(group []*Outgoing) {
	if err := s.openSingle(); err != nil {
		s.stop(err)
	}
	if err := s.stoppedBy(); err != nil {
		for _, o := range group {
			s.report(o, err)
		}
		return
	}
	bytes := 0
	for _, o := range group {
		bytes += payload(o)
		s.produce(s.single, o)
	}
	_ = s.single.to.Flush(s.base) // base does not end
	refused := s.takeRefused()
	if len(refused) == 0 {
		return
	}
	if isTooLarge(refused[0].refused) && (s.smallestRefused == 0 || bytes < s.smallestRefused) {
		s.smallestRefused = bytes
	}
	if len(group) == 1 {
		s.report(group[0], s.finalRefusal(group[0]))
		return
	}
	half := (len(refused) + 1) / 2
	s.resend(slices.Clip(refused[:half]))
	s.resend(refused[half:])
}

// finalRefusal returns the error of a record that was refused though it was sent alone.
func (s *Sender) finalRefusal(o *Outgoing) error {
	switch {
	case isTooLarge(o.refused):
		return &TooLargeError{Bytes: payload(o), Limit: s.opts.MaxBatch}
	case errors.Is(o.refused, kerr.InvalidTimestamp) && o.Timestamp.After(time.Now()):
		return &TimestampError{o.Timestamp, cmp.Or(s.opts.Times.After, "message.timestamp.after.max.ms"), true}
	case errors.Is(o.refused, kerr.InvalidTimestamp):
		return &TimestampError{o.Timestamp, cmp.Or(s.opts.Times.Before, "message.timestamp.before.max.ms"), false}
	default:
		return o.refused
	}
}

// openSingle makes the client for single batches, unless it exists.
func (s *Sender) openSingle() error {
	if s.single != nil {
		return nil
	}
	single, err := s.newSingle()
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.single = single
	}
	return err
}

// shrinkBatches makes the batches of the stream smaller after one of them was too large: the
// topic's limit was not known, or has changed.
func (s *Sender) shrinkBatches() {
	smaller := s.smallestRefused * 3 / 4
	if s.smallestRefused == 0 || s.smallestRefused > s.batch || s.stoppedBy() != nil {
		return
	}
	s.batch = max(smaller, 512)
	s.renewClients()
}

// sendOwnBatches makes the clients encode batches themselves from now on: a record is to be sent
// whose timestamp kgo would change, and there may be more like it.
func (s *Sender) sendOwnBatches() {
	s.drain()
	if s.stoppedBy() != nil {
		return
	}
	s.ownBatches = true
	s.renewClients()
}

// renewClients replaces the clients, of which none has anything to do.
func (s *Sender) renewClients() {
	before := s.clients()
	stream, err := s.newStream()
	if err != nil {
		s.stop(err)
		return
	}
	s.mu.Lock()
	s.stream, s.single = stream, nil
	s.mu.Unlock()
	for _, c := range before {
		c.close()
	}
}
