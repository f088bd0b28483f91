package embedded

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// produce refuses records that their topic does not take, partition by partition, and gives those of
// a topic with LogAppendTime the time of their arrival. It runs for every produce request: nearly
// all of them cost a look-up for each topic and partition.
func (j *judge) produce(req *kmsg.ProduceRequest) (kmsg.Response, error) {
	j.releaseLast()
	answer := &produceAnswer{now: time.Now().UnixMilli()}
	if req.TimeoutMillis != judged {
		j.judgeRecords(req, answer)
	}
	if len(answer.refused) == 0 && (len(answer.stamped) == 0 || req.Acks == 0) {
		j.last = req
		return nil, nil
	}
	left := answer.takeRefused(req)
	switch {
	case req.Acks == 0 && left == 0:
		return nil, errNoAnswer
	case req.Acks == 0:
		return nil, nil
	}
	resp := answerTo[*kmsg.ProduceResponse](req)
	if left > 0 {
		req.TimeoutMillis = judged
		var err error
		if resp, err = rest[*kmsg.ProduceResponse](j, req); err != nil {
			return nil, err
		}
	}
	answer.complete(resp)
	return resp, nil
}

// releaseLast frees the records of the request before, which kfake has stored by now: kfake keeps the
// last request of every connection that ever was, for its functions before it.
func (j *judge) releaseLast() {
	if j.last != nil {
		j.last.Topics, j.last = nil, nil
	}
}

// judgeRecords decides about every partition of a request.
func (j *judge) judgeRecords(req *kmsg.ProduceRequest, answer *produceAnswer) {
	for i := range req.Topics {
		topic := &req.Topics[i]
		rules, ok := j.rulesOf(topicKey{topic.Topic, topic.TopicID})
		if !ok {
			continue
		}
		for p := range topic.Partitions {
			partition := &topic.Partitions[p]
			if batch, ok := readBatch(partition.Records); ok && !rules.plain(batch, answer.now) {
				answer.judge(rules, topic, partition, batch)
			}
		}
	}
}

// judged is the timeout of a produce request that comes from [rest] itself. No client sends it, and
// kfake does not look at it.
const judged = math.MinInt32

// errNoAnswer ends the connection of a producer that waits for no answer, as a broker does.
var errNoAnswer = errors.New("records without an answer were refused")

// partitionKey is a partition in a produce request.
type partitionKey struct {
	topic     topicKey
	partition int32
}

// produceAnswer is what the answer to a produce request has beside kfake's.
type produceAnswer struct {
	now     int64
	refused map[partitionKey]kmsg.ProduceResponseTopicPartition
	stamped map[partitionKey]bool // have the time of their arrival
}

// judge decides about the batch of one partition. A batch that cannot be read is kfake's to answer.
func (a *produceAnswer) judge(rules produceRules, topic *kmsg.ProduceRequestTopic, partition *kmsg.ProduceRequestTopicPartition, b batchBytes) {
	batch, records, err := b.decode()
	if err != nil {
		return
	}
	key := partitionKey{topicKey{topic.Topic, topic.TopicID}, partition.Partition}
	if refused := rules.refuse(batch, records, key.partition, a.now); refused != nil {
		if a.refused == nil {
			a.refused = map[partitionKey]kmsg.ProduceResponseTopicPartition{}
		}
		a.refused[key] = *refused
		return
	}
	switch {
	case rules.appendTime:
		raw, err := stamped(batch, records, a.now)
		if err != nil {
			return
		}
		if a.stamped == nil {
			a.stamped = map[partitionKey]bool{}
		}
		partition.Records, a.stamped[key] = raw, true
	case b.attributes()&appendTimeBit != 0:
		partition.Records = b.withoutAppendTime()
	}
}

// refuse returns the answer for records that are not taken, nil when all are.
func (r produceRules) refuse(batch kmsg.RecordBatch, records []kmsg.Record, partition int32, now int64) *kmsg.ProduceResponseTopicPartition {
	answer := kmsg.NewProduceResponseTopicPartition()
	answer.Partition, answer.ErrorCode = partition, kerr.InvalidRecord.Code
	answer.BaseOffset, answer.LogAppendTime, answer.LogStartOffset = -1, -1, -1
	var shown []string
	for i, record := range records {
		words := ""
		switch at := batch.FirstTimestamp + record.TimestampDelta64; {
		case r.compacted && record.Key == nil:
			words = fmt.Sprintf("Compacted topic cannot accept message without key in topic partition %s-%d", r.topic, partition)
		case !r.appendTime && at != -1 && (now-at > r.early || at-now > r.late):
			words = fmt.Sprintf("Timestamp %d of message with offset %d is out of range. The timestamp should be within [%d, %d]", at, i, now-r.early, now+r.late)
			answer.ErrorCode = kerr.InvalidTimestamp.Code
		default:
			continue
		}
		e := kmsg.NewProduceResponseTopicPartitionErrorRecord()
		e.RelativeOffset, e.ErrorMessage = int32(i), &words
		answer.ErrorRecords = append(answer.ErrorRecords, e)
		shown = append(shown, fmt.Sprintf("RecordError(batchIndex=%d, message='%s')", i, words))
	}
	if len(shown) == 0 {
		return nil
	}
	words := "One or more records have been rejected due to invalid timestamp"
	if answer.ErrorCode == kerr.InvalidRecord.Code {
		words = fmt.Sprintf("One or more records have been rejected due to %d record errors in total, and only showing the first three errors at most: [%s]",
			len(shown), strings.Join(shown[:min(3, len(shown))], ", "))
	}
	answer.ErrorMessage = &words
	return &answer
}

// takeRefused takes the refused partitions out of the request, and returns how many are left.
func (a *produceAnswer) takeRefused(req *kmsg.ProduceRequest) int {
	left := 0
	var topics []kmsg.ProduceRequestTopic
	for _, topic := range req.Topics {
		var taken []kmsg.ProduceRequestTopicPartition
		for _, p := range topic.Partitions {
			if _, refused := a.refused[partitionKey{topicKey{topic.Topic, topic.TopicID}, p.Partition}]; !refused {
				taken = append(taken, p)
			}
		}
		if topic.Partitions = taken; len(taken) > 0 {
			topics = append(topics, topic)
			left += len(taken)
		}
	}
	req.Topics = topics
	return left
}

// complete adds to the answer for the partitions that were left.
func (a *produceAnswer) complete(resp *kmsg.ProduceResponse) {
	for i := range resp.Topics {
		topic := &resp.Topics[i]
		for p := range topic.Partitions {
			partition := &topic.Partitions[p]
			if partition.ErrorCode == 0 && a.stamped[partitionKey{answeredKey(topic, resp.Version), partition.Partition}] {
				partition.LogAppendTime = a.now
			}
		}
	}
	for key, partition := range a.refused {
		i := slices.IndexFunc(resp.Topics, func(t kmsg.ProduceResponseTopic) bool { return answeredKey(&t, resp.Version) == key.topic })
		if i < 0 {
			i = len(resp.Topics)
			topic := kmsg.NewProduceResponseTopic()
			topic.Topic, topic.TopicID = key.topic.name, key.topic.id
			resp.Topics = append(resp.Topics, topic)
		}
		resp.Topics[i].Partitions = append(resp.Topics[i].Partitions, partition)
	}
}

// answeredKey is the topic of an answer as its request names it.
func answeredKey(topic *kmsg.ProduceResponseTopic, version int16) topicKey {
	if version >= 13 {
		return topicKey{id: topic.TopicID}
	}
	return topicKey{name: topic.Topic}
}
