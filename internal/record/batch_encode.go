package record

import (
	"bytes"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// batchHeader is how many bytes a batch has before its records.
const batchHeader = 61

// batchText is the records of a batch, as they stand in it.
type batchText struct {
	text       []byte
	count      int32
	first, max int64 // timestamps
}

// add appends a record, unless it is not the first one and the batch would have more than most
// bytes; it returns whether it did. Timestamps are differences that may wrap, as those of Kafka's
// own clients do: so the farthest of them come out right.
func (b *batchText) add(r *kgo.Record, most int) bool {
	ms := r.Timestamp.UnixMilli()
	if b.count == 0 {
		b.first, b.max = ms, ms
	}
	one := kmsg.Record{TimestampDelta64: ms - b.first, OffsetDelta: b.count, Key: r.Key, Value: r.Value}
	for _, h := range r.Headers {
		one.Headers = append(one.Headers, kmsg.Header(h))
	}
	start := len(b.text)
	b.text = one.AppendTo(b.text) // its length of 0 takes one byte
	one.Length = int32(len(b.text) - start - 1)
	if b.count > 0 && batchHeader+len(b.text)+kbin.VarintLen(one.Length) > most {
		b.text = b.text[:start]
		return false
	}
	if kbin.VarintLen(one.Length) > 1 {
		b.text = one.AppendTo(b.text[:start])
	} else {
		kbin.AppendVarint(b.text[:start], one.Length)
	}
	b.max = max(b.max, ms)
	b.count++
	return true
}

// producerState is what makes a producer idempotent (KIP-98). The id is -1 for one that is not.
type producerState struct {
	id    int64
	epoch int16
	next  int32 // the sequence number of the next record
}

// encode returns the batch as a broker takes it. compressor may be nil.
func (b *batchText) encode(p producerState, compressor kgo.Compressor) []byte {
	batch := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, LastOffsetDelta: b.count - 1, FirstTimestamp: b.first, MaxTimestamp: b.max,
		ProducerID: p.id, ProducerEpoch: p.epoch, FirstSequence: p.next, NumRecords: b.count, Records: b.text,
	}
	if p.id < 0 {
		batch.FirstSequence = -1
	}
	if compressor != nil {
		if small, codec := compressor.Compress(new(bytes.Buffer), b.text); small != nil && len(small) < len(b.text) {
			batch.Records, batch.Attributes = small, int16(codec)
		}
	}
	const afterLength, afterCRC = 12, 21 // where what Length counts begins, and what CRC covers
	batch.Length = int32(batchHeader + len(batch.Records) - afterLength)
	raw := batch.AppendTo(make([]byte, 0, batchHeader+len(batch.Records)))
	kbin.AppendInt32(raw[:afterCRC-4], int32(crc32.Checksum(raw[afterCRC:], crc32.MakeTable(crc32.Castagnoli))))
	return raw
}
