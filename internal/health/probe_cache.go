package health

import (
	"sync"
	"time"
)

// probeCache keeps what was found out about addresses beside the rungs' own questions, so that it
// is not asked again on each climb.
type probeCache struct {
	mu     sync.Mutex
	byAddr map[string]cachedAnswer
}

type cachedAnswer struct {
	symptom string
	at      time.Time
	answer  answer
}

// cacheTime is how long a cached answer stands while the symptom stays the same.
const cacheTime = 5 * time.Second

func newProbeCache() *probeCache { return &probeCache{byAddr: make(map[string]cachedAnswer)} }

// recall returns what was kept about addr under the same symptom; false when there is nothing, or
// it is too old.
func (s *probeCache) recall(addr, symptom string) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, known := s.byAddr[addr]
	if !known || last.symptom != symptom || time.Since(last.at) >= cacheTime {
		return answer{}, false
	}
	return last.answer, true
}

func (s *probeCache) keep(addr, symptom string, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byAddr[addr] = cachedAnswer{symptom, time.Now(), a}
}
