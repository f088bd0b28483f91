package embedded

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kfake"
)

// The settings of a topic that judge records.
const (
	cleanupPolicy  = "cleanup.policy"
	timestampType  = "message.timestamp.type"
	timestampEarly = "message.timestamp.before.max.ms"
	timestampLate  = "message.timestamp.after.max.ms"
)

// mostAhead is Kafka's default for message.timestamp.after.max.ms, an hour.
const mostAhead = 3_600_000

// topicKey is how a produce request names a topic: by its id from version 13 on.
type topicKey struct {
	name string
	id   [16]byte
}

// produceRules is what a topic's settings say of its records.
type produceRules struct {
	topic      string
	compacted  bool  // every record needs a key
	appendTime bool  // the broker's time is that of the records
	early      int64 // how many milliseconds the past a timestamp may be
	late       int64 // and how many ahead
}

// rulesOf returns the rules of a topic; false for one that is not there. They are asked of kfake
// once, until a request may change them.
func (j *judge) rulesOf(key topicKey) (produceRules, bool) {
	j.mu.Lock()
	rules, ok := j.rules[key]
	j.mu.Unlock()
	if ok {
		return rules, true
	}
	var info *kfake.TopicInfo
	if key.name != "" {
		info = j.kfake.TopicInfo(key.name)
	} else {
		info = j.kfake.TopicIDInfo(key.id)
	}
	if info == nil {
		return produceRules{}, false
	}
	rules = produceRulesOf(info)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rules[key] = rules
	return rules, true
}

func (j *judge) forgetRules() {
	j.mu.Lock()
	defer j.mu.Unlock()
	clear(j.rules)
}

func produceRulesOf(info *kfake.TopicInfo) produceRules {
	text := func(name string) string {
		if value := info.Configs[name]; value != nil {
			return strings.TrimSpace(*value)
		}
		return ""
	}
	number := func(name string, unset int64) int64 {
		if n, err := strconv.ParseInt(text(name), 10, 64); err == nil {
			return n
		}
		return unset
	}
	policies := strings.Split(strings.ReplaceAll(text(cleanupPolicy), " ", ""), ",")
	return produceRules{
		topic: info.Topic, compacted: slices.Contains(policies, "compact"), appendTime: text(timestampType) == "LogAppendTime",
		early: number(timestampEarly, math.MaxInt64), late: number(timestampLate, mostAhead),
	}
}

// plain reports whether a batch needs no more than a look at its header.
func (r produceRules) plain(b batchBytes, now int64) bool {
	return !r.compacted && !r.appendTime && r.early == math.MaxInt64 && b.attributes()&appendTimeBit == 0 && b.maxTimestamp()-now <= r.late
}
