package records

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// interopLine is a record as the client programs read and write it. In JSON bytes are base64, and
// nil is null.
type interopLine struct {
	Topic     string          `json:"topic"`
	Partition int             `json:"partition"`
	Timestamp int64           `json:"timestamp"` // milliseconds
	Key       []byte          `json:"key"`
	Value     []byte          `json:"value"`
	Headers   []interopHeader `json:"headers"`
}

// interopHeader is a header of a record.
type interopHeader struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

// String tells null from empty, and is short.
func (l interopLine) String() string {
	text := fmt.Sprintf("%s/%d %d key %s value %s", l.Topic, l.Partition, l.Timestamp, quoted(l.Key), quoted(l.Value))
	for _, h := range l.Headers {
		text += fmt.Sprintf(" %q=%s", h.Key, quoted(h.Value))
	}
	return text
}

// quoted is the bytes for a reader: null, or in quotes.
func quoted(data []byte) string {
	if data == nil {
		return "null"
	}
	return shorten(strconv.Quote(string(data)))
}

// shorten replaces the inside of a long line by a hash of it, so that a difference of two can be
// read.
func shorten(line string) string {
	n := len(line)
	if n <= 1_000 {
		return line
	}
	return fmt.Sprintf("%s…%d bytes, SHA-256 %x…%s", line[:200], n, sha256.Sum256([]byte(line)), line[n-50:])
}

// dealt are the lines of one topic in the order in which interopPlace deals records to its
// partitions.
func dealt(lines []interopLine) []string {
	all := make(map[int]string)
	next := make(map[int]int) // offset by partition
	for _, l := range lines {
		all[next[l.Partition]*interopPartitions+l.Partition] = l.String()
		next[l.Partition]++
	}
	texts := make([]string, 0, len(lines))
	for _, i := range slices.Sorted(maps.Keys(all)) {
		texts = append(texts, all[i])
	}
	return texts
}
