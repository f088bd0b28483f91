package health

import (
	"sync"
	"time"
)

// sightings remembers what was found out about addresses on the side, so that it is not asked anew on each climb.
type sightings struct {
	mu   sync.Mutex
	seen map[string]sighting
}

type sighting struct {
	symptom string
	at      time.Time
	answer  answer
}

// memory is how long a sighting stands while the symptom stays the same.
const memory = 5 * time.Second

func newSightings() *sightings { return &sightings{seen: make(map[string]sighting)} }

// recall returns what was kept about addr under the same symptom, unless it is too old.
func (s *sightings) recall(addr, symptom string) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, known := s.seen[addr]
	if !known || last.symptom != symptom || time.Since(last.at) >= memory {
		return answer{}, false
	}
	return last.answer, true
}

func (s *sightings) keep(addr, symptom string, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[addr] = sighting{symptom, time.Now(), a}
}
