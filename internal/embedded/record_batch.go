package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// The places of fields in a batch of records (magic 2).
const (
	atLength       = 8
	atMagic        = 16
	atCRC          = 17
	atAttributes   = 21
	atMaxTimestamp = 35
	atCount        = 57
	atRecords      = 61
)

// Bits of a batch's attributes.
const (
	codecBits     = 0x07
	appendTimeBit = 0x08
)

// batchBytes is a batch as it was sent, of at least atRecords bytes and magic 2.
type batchBytes []byte

// readBatch returns false for what is no batch: kfake answers that.
func readBatch(raw []byte) (batchBytes, bool) {
	if len(raw) < atRecords || raw[atMagic] != 2 {
		return nil, false
	}
	return raw, true
}

func (b batchBytes) attributes() uint16  { return binary.BigEndian.Uint16(b[atAttributes:]) }
func (b batchBytes) maxTimestamp() int64 { return int64(binary.BigEndian.Uint64(b[atMaxTimestamp:])) }

func (b batchBytes) checksum() uint32 {
	return crc32.Checksum(b[atAttributes:], crc32.MakeTable(crc32.Castagnoli))
}

// errBatch is the error of a batch that cannot be read. kfake answers it, or takes it as a broker
// would not: that is a matter of the client's.
var errBatch = errors.New("broken batch of records")

// decode returns the batch with its records.
func (b batchBytes) decode() (kmsg.RecordBatch, []kmsg.Record, error) {
	var batch kmsg.RecordBatch
	if err := batch.ReadFrom(b); err != nil {
		return batch, nil, err
	}
	if uint32(batch.CRC) != b.checksum() || int(batch.Length) != len(b)-atLength-4 {
		return batch, nil, errBatch
	}
	text, err := kgo.DefaultDecompressor().Decompress(batch.Records, kgo.CompressionCodecType(batch.Attributes&codecBits))
	if err != nil {
		return batch, nil, err
	}
	var records []kmsg.Record
	for range batch.NumRecords {
		length, n := kbin.Varint(text)
		if n <= 0 || length < 0 || int(length) > len(text)-n {
			return batch, nil, errBatch
		}
		var r kmsg.Record
		if err := r.ReadFrom(text[:n+int(length)]); err != nil {
			return batch, nil, err
		}
		records, text = append(records, r), text[n+int(length):]
	}
	return batch, records, nil
}

// withoutAppendTime returns the batch without the mark of a broker's time, which is not a client's to
// set: a broker takes it off, and kfake would store a batch with a wrong checksum.
func (b batchBytes) withoutAppendTime() []byte {
	c := batchBytes(bytes.Clone(b))
	binary.BigEndian.PutUint16(c[atAttributes:], b.attributes()&^appendTimeBit)
	binary.BigEndian.PutUint32(c[atCRC:], c.checksum())
	return c
}

// stamped returns the batch with all its records at one time, in milliseconds.
func stamped(batch kmsg.RecordBatch, records []kmsg.Record, at int64) ([]byte, error) {
	var text []byte
	for _, r := range records {
		r.TimestampDelta, r.TimestampDelta64, r.Length = 0, 0, 0
		r.Length = int32(len(r.AppendTo(nil)) - 1) // a length of 0 takes one byte
		text = r.AppendTo(text)
	}
	batch.Attributes &^= appendTimeBit
	codec := kgo.CompressionCodecType(batch.Attributes & codecBits)
	if codec != kgo.CodecNone {
		var err error
		if text, err = compress(text, codec); err != nil {
			return nil, err
		}
	}
	batch.FirstTimestamp, batch.MaxTimestamp, batch.Records = at, at, text
	batch.Length = int32(atRecords - atLength - 4 + len(text))
	raw := batchBytes(batch.AppendTo(nil))
	binary.BigEndian.PutUint32(raw[atCRC:], raw.checksum())
	return raw, nil
}

func compress(text []byte, codec kgo.CompressionCodecType) ([]byte, error) {
	codecs := map[kgo.CompressionCodecType]kgo.CompressionCodec{
		kgo.CodecGzip: kgo.GzipCompression(), kgo.CodecSnappy: kgo.SnappyCompression(),
		kgo.CodecLz4: kgo.Lz4Compression(), kgo.CodecZstd: kgo.ZstdCompression(),
	}
	known, ok := codecs[codec]
	if !ok {
		return nil, errBatch
	}
	compressor, err := kgo.DefaultCompressor(known)
	if err != nil {
		return nil, err
	}
	out, used := compressor.Compress(new(bytes.Buffer), text)
	if used != codec {
		return nil, errBatch
	}
	return out, nil
}
