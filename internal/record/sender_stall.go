package record

import "time"

const (
	watchInterval = 50 * time.Millisecond
	// abandonTime is how long kgo gets, after the Sender gave up, to report the records that it
	// never sent.
	abandonTime = 300 * time.Millisecond
)

// stop makes err the reason why no more records are sent, unless there is a reason already. The
// records that are known not to have been written fail with it.
func (s *Sender) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped == nil {
		s.stopped = err
		s.trouble.Store(true)
		s.cancel()
	}
}

// watchAnswers gives up when records wait for an answer and none was answered for as long as the
// patience. kgo cannot do that: its timeout counts from the timestamp of a record, which may
// be a year old, and does not apply to a request that gets no answer.
func (s *Sender) watchAnswers() {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	answers, since := int64(0), time.Now()
	for {
		select {
		case <-s.done:
			return
		case <-s.sending.Done():
			s.abandon()
			return
		case now := <-ticker.C:
			if n := s.answers.Load(); n != answers || s.weight.Load() == 0 {
				answers, since = n, now
			}
			if patience := time.Duration(s.patience.Load()); now.Sub(since) >= patience {
				s.stop(&StalledError{Patience: patience})
			}
		}
	}
}

// abandon waits until kgo has reported the records that it never sent, and then makes the others
// fail by closing the clients.
func (s *Sender) abandon() {
	deadline := time.NewTimer(abandonTime)
	defer deadline.Stop()
	ticker := time.NewTicker(watchInterval / 5)
	defer ticker.Stop()
	for s.weight.Load() > 0 {
		select {
		case <-s.done:
			return
		case <-ticker.C:
			continue
		case <-deadline.C:
		}
		break
	}
	for _, c := range s.clients() {
		c.close()
	}
}
