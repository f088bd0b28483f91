package record

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Timestamps that kgo decodes and encodes right: it goes by nanoseconds in 64 bits, from 1677 to
// 2262, and those of other times wrap to a date that looks as good as any.
const (
	kgoFirstMillis = -9_223_372_036_854
	kgoLastMillis  = 9_223_372_036_854
)

// isKgoMillis reports whether kgo decodes and encodes a timestamp right.
func isKgoMillis(ms int64) bool { return kgoFirstMillis <= ms && ms <= kgoLastMillis }

// keepingDecompressor keeps what it has decompressed, by where the compressed bytes begin.
type keepingDecompressor struct {
	kgo.Decompressor
	kept map[*byte][]byte
}

func newKeepingDecompressor() keepingDecompressor {
	return keepingDecompressor{kgo.DefaultDecompressor(), make(map[*byte][]byte)}
}

// Decompress decompresses and keeps.
func (d keepingDecompressor) Decompress(src []byte, codec kgo.CompressionCodecType) ([]byte, error) {
	out, err := d.Decompressor.Decompress(src, codec)
	if err == nil && len(src) > 0 {
		d.kept[&src[0]] = out
	}
	return out, err
}

// exactTimestamps gives the records that kgo decoded from raw, the batches of one partition, the
// timestamps that it cannot decode. kgo used d for the batches. Messages of the formats before
// Kafka 0.11 keep what kgo made of them.
func exactTimestamps(raw []byte, d keepingDecompressor, records []*kgo.Record) {
	const beforeLength, header = 12, 61
	for len(records) > 0 && len(raw) > header {
		size := beforeLength + int(int32(binary.BigEndian.Uint32(raw[8:])))
		var batch kmsg.RecordBatch
		if size < header || size > len(raw) || raw[16] != 2 || batch.ReadFrom(raw[:size]) != nil {
			return
		}
		raw = raw[size:]
		text := batch.Records
		if kgo.CompressionCodecType(batch.Attributes&7) != kgo.CodecNone && len(text) > 0 {
			text = d.kept[&text[0]]
		}
		records = exactBatch(&batch, text, records)
	}
}

// exactBatch gives those of the records that are in a batch their timestamps, where kgo's are
// wrong, and returns the records behind it. text is the batch's records, decompressed.
func exactBatch(batch *kmsg.RecordBatch, text []byte, records []*kgo.Record) []*kgo.Record {
	byBroker := batch.Attributes&8 != 0 // LogAppendTime: all have the batch's
	for len(text) > 0 && len(records) > 0 {
		length, used := kbin.Varint(text)
		end := used + int(length)
		if used <= 0 || length < 0 || end > len(text) {
			break
		}
		head := kbin.Reader{Src: text[used:end]}
		head.Int8() // attributes
		delta := head.Varlong()
		offset := batch.FirstOffset + int64(head.Varint())
		text = text[end:]
		for len(records) > 0 && records[0].Offset < offset {
			records = records[1:]
		}
		if len(records) == 0 || records[0].Offset != offset {
			continue // reading begins later, or a transaction was aborted
		}
		ms := batch.FirstTimestamp + delta
		if byBroker {
			ms = batch.MaxTimestamp
		}
		if !isKgoMillis(ms) {
			records[0].Timestamp = FromMillis(ms)
		}
		records = records[1:]
	}
	return records
}
