package zookeeper

import (
	"encoding/binary"
	"errors"
	"io"
)

// maxPacket is jute.maxbuffer, the longest packet ZooKeeper writes unless configured. A greater
// length is text read as a number.
const maxPacket = 1 << 20

// ErrNotZooKeeper is an answer that does not fit the protocol.
var ErrNotZooKeeper = errors.New("answers, but not as ZooKeeper does")

func writePacket(w io.Writer, body []byte) error {
	_, err := w.Write(appendBuffer(nil, body))
	return err
}

func readPacket(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	return readBody(r, head)
}

// readBody reads the packet whose length is head.
func readBody(r io.Reader, head [4]byte) ([]byte, error) {
	size := binary.BigEndian.Uint32(head[:])
	if size > maxPacket {
		return nil, ErrNotZooKeeper
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return body, err
}

func appendInt(to []byte, n int32) []byte { return binary.BigEndian.AppendUint32(to, uint32(n)) }

func appendLong(to []byte, n int64) []byte { return binary.BigEndian.AppendUint64(to, uint64(n)) }

// appendBuffer appends a buffer or a string: its length, then itself. A packet has the same form.
func appendBuffer(to, data []byte) []byte {
	return append(appendInt(to, int32(len(data))), data...)
}

// jute reads ZooKeeper's serialisation. What does not fit sets err, and everything after it is
// zero.
type jute struct {
	rest []byte
	err  error
}

func (j *jute) bytes(n int32) []byte {
	if j.err != nil || n < 0 || int(n) > len(j.rest) {
		j.err = ErrNotZooKeeper
		return nil
	}
	taken := j.rest[:n]
	j.rest = j.rest[n:]
	return taken
}

func (j *jute) int() int32 {
	b := j.bytes(4)
	if b == nil {
		return 0
	}
	return int32(binary.BigEndian.Uint32(b))
}

// buffer reads a buffer or a string; null, which has the length -1, is empty.
func (j *jute) buffer() []byte {
	n := j.int()
	if n == -1 {
		return nil
	}
	return j.bytes(n)
}

func (j *jute) strings() []string {
	var all []string
	for n := j.int(); n > 0 && j.err == nil; n-- {
		all = append(all, string(j.buffer()))
	}
	return all
}
