package record

import "time"

const (
	watchInterval = 50 * time.Millisecond
	// Who gives up waits this long for kgo to say which records it never sent.
	sortingTime = 300 * time.Millisecond
)

// stop makes err the reason why nothing more is sent, unless there is one: what is known
// not to have been written fails with it.
func (s *Sender) stop(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped == nil {
		s.stopped = err
		s.trouble.Store(true)
		s.cancel()
	}
}

// watch gives up when records are outstanding and none was answered for too long. That
// is not for kgo to tell: its timeout counts from a record's timestamp, which may be one
// of last year, and does not hold for a request that gets no answer.
func (s *Sender) watch() {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	answers, since := int64(0), time.Now()
	for {
		select {
		case <-s.closed:
			return
		case <-s.sending.Done():
			s.end()
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

// end has kgo sort out what it never sent, and then fails the rest.
func (s *Sender) end() {
	deadline := time.NewTimer(sortingTime)
	defer deadline.Stop()
	ticker := time.NewTicker(watchInterval / 5)
	defer ticker.Stop()
	for s.weight.Load() > 0 {
		select {
		case <-s.closed:
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
