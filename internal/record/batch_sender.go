package record

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// batchSender is a transport that encodes the batches itself. It carries every timestamp of 64 bits,
// where kgo has those from 1677 to 2262, and gives each record the timestamp that the broker gave
// it (message.timestamp.type=LogAppendTime), which kgo does not report. Each partition has one
// batch under way, with a producer id of its own where the producer is idempotent.
type batchSender struct {
	opts       batchOptions
	kafka      *kafka.Client
	compressor kgo.Compressor // nil for none
	ctx        context.Context
	close      context.CancelFunc

	choose kgo.TopicPartitioner // of the one goroutine that calls Produce
	lines  map[int32]*partitionSender

	flushing  atomic.Int32
	promising sync.Mutex
	mu        sync.Mutex
	answered  *sync.Cond // open has changed
	open      int        // records that were taken and not answered yet
	topic     partitionLeaders
}

// batchOptions says what a batchSender sends to whom, and when.
type batchOptions struct {
	topic string
	acks  Acks
	bytes int             // the largest batch, before its compression
	wait  time.Duration   // how long a batch waits for more records; 0: until Flush is called
	ctx   context.Context // when it ends, what is known not to have been written fails
}

// partitionLeaders is what is known of the topic: the leader of each partition, -1 for none.
type partitionLeaders struct {
	leaders map[int32]int32
	asked   time.Time
}

// newBatchSender connects when the first record comes.
func (s *Sender) newBatchSender(o batchOptions) (*batchSender, error) {
	versions := kafka.CommitsByName()
	versions.SetMaxKeyVersion(kmsg.Produce.Int16(), 12) // the last one that names topics
	opts := []kgo.Opt{kgo.MaxVersions(versions), kgo.ProduceRequestTimeout(kafka.WriteTimeout)}
	switch o.acks {
	case AcksAll:
	case AcksOne:
		opts = append(opts, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	case AcksNone:
		opts = append(opts, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	}
	compressor, err := kgo.DefaultCompressor(s.opts.Compression)
	if err != nil {
		return nil, fmt.Errorf("set up the compression: %w", err)
	}
	client, err := kafka.Dial(s.base, s.opts.Client, opts...)
	if err != nil {
		return nil, err
	}
	b := &batchSender{
		opts: o, kafka: client, compressor: compressor, choose: partitioner{}.ForTopic(o.topic), lines: make(map[int32]*partitionSender),
	}
	b.answered = sync.NewCond(&b.mu)
	b.ctx, b.close = context.WithCancel(s.base)
	return b, nil
}

// Produce takes a record, and calls promise when it is answered, as [kgo.Client.Produce] does. It
// waits for the first answer that says which partitions there are. One goroutine may call it.
func (b *batchSender) Produce(_ context.Context, r *kgo.Record, promise func(*kgo.Record, error)) {
	if r.Timestamp.IsZero() {
		r.Timestamp = time.Now()
	}
	r.Topic = b.opts.topic
	leaders, err := b.leaders(time.Time{})
	if err == nil {
		err = b.choosePartition(r, leaders)
	}
	b.mu.Lock()
	b.open++
	b.mu.Unlock()
	w := waitingRecord{r, promise}
	if err != nil {
		b.answer(w, err)
		return
	}
	line := b.lines[r.Partition]
	if line == nil {
		line = &partitionSender{batchSender: b, partition: r.Partition, wake: make(chan struct{}, 1)}
		b.lines[r.Partition] = line
		go line.run()
	}
	line.add(w)
	if b.ctx.Err() != nil { // run has ended, or does now
		line.failQueue()
	}
}

// choosePartition sets the partition of a record. One without a key goes to a partition that has a
// leader, if any has.
func (b *batchSender) choosePartition(r *kgo.Record, leaders map[int32]int32) error {
	var led []int32
	for p := range int32(len(leaders)) {
		if leaders[p] >= 0 {
			led = append(led, p)
		}
	}
	named := r.Partition
	switch {
	case b.choose.RequiresConsistency(r) || len(led) == 0:
		r.Partition = int32(b.choose.Partition(r, len(leaders)))
	default:
		r.Partition = led[b.choose.Partition(r, len(led))]
	}
	if _, ok := leaders[r.Partition]; !ok {
		return &kafka.MissingPartitionError{Topic: b.opts.topic, Partition: named, Count: len(leaders)}
	}
	return nil
}

// leaders returns the leader of each partition, as it was looked up after that time. It asks until
// a broker knows the topic, or nothing more is to be sent.
func (b *batchSender) leaders(after time.Time) (map[int32]int32, error) {
	b.mu.Lock()
	known := b.topic
	b.mu.Unlock()
	if known.leaders != nil && known.asked.After(after) {
		return known.leaders, nil
	}
	for failures := 0; ; failures++ {
		asked := time.Now()
		meta, err := b.kafka.AnyMetadata(b.opts.ctx, []string{b.opts.topic})
		if err == nil {
			leaders := leadersIn(meta)
			if len(leaders) > 0 {
				b.mu.Lock()
				b.topic = partitionLeaders{leaders, asked}
				b.mu.Unlock()
				return leaders, nil
			}
		}
		if !kafka.Pause(b.opts.ctx, sendPause(failures)) {
			return nil, b.opts.ctx.Err()
		}
	}
}

// leadersIn returns the leaders of the partitions of the one topic that meta is about.
func leadersIn(meta *kmsg.MetadataResponse) map[int32]int32 {
	leaders := make(map[int32]int32)
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			leaders[p.Partition] = p.Leader
		}
	}
	return leaders
}

// sendPause is the pause before something is tried again, by the number of failures before.
func sendPause(failures int) time.Duration {
	return min(retryInterval<<min(failures, 10), time.Second)
}

// answer calls the promise of a record; one call at a time.
func (b *batchSender) answer(w waitingRecord, err error) {
	b.promising.Lock()
	w.promise(w.record, err)
	b.promising.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open--
	b.answered.Broadcast()
}

// Flush sends what waits for more records, and returns when all is answered.
func (b *batchSender) Flush(context.Context) error {
	b.flushing.Add(1)
	defer b.flushing.Add(-1)
	for _, line := range b.lines {
		line.signal()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.open > 0 {
		b.answered.Wait()
	}
	return nil
}

// Close ends all connections. What is not answered yet fails.
func (b *batchSender) Close() {
	b.close()
	b.kafka.Close()
}

// producer returns a new producer of batches: idempotent when all replicas are to have them.
func (b *batchSender) producer() (producerState, error) {
	none := producerState{id: -1, epoch: -1}
	if b.opts.acks != AcksAll {
		return none, nil
	}
	req := kmsg.NewPtrInitProducerIDRequest()
	req.TransactionTimeoutMillis = math.MaxInt32 // there is no transaction
	resp, err := req.RequestWith(b.ctx, b.kafka.Any)
	if err == nil {
		err = kafka.CodeError(kmsg.InitProducerID, b.opts.topic, resp.ErrorCode, nil)
	}
	if err != nil {
		return none, fmt.Errorf("ask for a producer id: %w", err)
	}
	return producerState{id: resp.ProducerID, epoch: resp.ProducerEpoch}, nil
}
