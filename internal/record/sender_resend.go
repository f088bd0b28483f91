package record

import (
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// refusal tells that a broker, or kgo, refused a batch for the sake of some record in it.
// Both say so of the whole batch, and kgo of all that waits behind it.
func refusal(err error) bool {
	return tooLarge(err) || errors.Is(err, kerr.InvalidRecord) || errors.Is(err, kerr.InvalidTimestamp) ||
		errors.Is(err, kerr.CorruptMessage) || errors.Is(err, kerr.UnsupportedForMessageFormat)
}

func tooLarge(err error) bool {
	return errors.Is(err, kerr.MessageTooLarge) || errors.Is(err, kerr.RecordListTooLarge)
}

// settle returns once everything that was handed over has been reported.
func (s *Sender) settle() {
	for {
		_ = s.stream.kgo.Flush(s.base) // base does not end
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
		s.adapt()
	}
}

func (s *Sender) takeRefused() []*Outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := s.refused
	s.refused = nil
	s.trouble.Store(s.stopped != nil)
	return refused
}

// resend sends records of one partition as one batch, while nothing else is under way,
// and in halves again what is refused of them. A record that is refused alone has failed.
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
		s.hand(s.single, o)
	}
	_ = s.single.kgo.Flush(s.base) // base does not end
	refused := s.takeRefused()
	if len(refused) == 0 {
		return
	}
	if tooLarge(refused[0].refused) && (s.tooMuch == 0 || bytes < s.tooMuch) {
		s.tooMuch = bytes
	}
	if len(group) == 1 {
		s.report(group[0], s.verdict(group[0]))
		return
	}
	half := (len(refused) + 1) / 2
	s.resend(slices.Clip(refused[:half]))
	s.resend(refused[half:])
}

// verdict is why a record was refused though it was sent alone.
func (s *Sender) verdict(o *Outgoing) error {
	if tooLarge(o.refused) {
		return &TooLargeError{Bytes: payload(o), Limit: s.opts.MaxBatch}
	}
	return o.refused
}

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

// adapt makes batches smaller after one was refused that should not have been: the
// topic's limit was not known, or was changed.
func (s *Sender) adapt() {
	smaller := s.tooMuch * 3 / 4
	if s.tooMuch == 0 || s.tooMuch > s.batch || s.stoppedBy() != nil {
		return
	}
	before := s.stream
	s.batch = max(smaller, 512)
	stream, err := s.newStream()
	if err != nil {
		s.stop(err)
		return
	}
	s.mu.Lock()
	s.stream = stream
	s.mu.Unlock()
	before.close()
}
