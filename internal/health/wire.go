package health

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxReply is more than any answer asked for here has (a few KiB): a greater length is text read as
// a number.
const maxReply = 1 << 20

// wire is one connection that is asked one request after another, without a Kafka client, which
// would hide what came back. Reads and writes end with the connection's deadline.
type wire struct {
	conn   net.Conn
	in     *bufio.Reader
	format *kmsg.RequestFormatter
	asked  int32 // requests sent so far: the correlation id of the last one
}

func newWire(conn net.Conn, clientID string) *wire {
	return &wire{conn: conn, in: bufio.NewReader(conn), format: kmsg.NewRequestFormatter(kmsg.FormatterClientID(clientID))}
}

// ask sends req, in the version it has, and reads its answer. The error is a [notKafkaError] where
// another protocol answers.
func (w *wire) ask(req kmsg.Request) (kmsg.Response, error) {
	w.asked++
	if _, err := w.conn.Write(w.format.AppendRequest(nil, req, w.asked)); err != nil {
		return nil, err
	}
	body, err := w.read()
	if err != nil {
		return nil, err
	}
	resp := req.ResponseKind()
	payload := body[8:]
	// Flexible answers carry tags in their header (KIP-482), ApiVersions excepted: there are none
	// yet, so one zero byte.
	if resp.IsFlexible() && resp.Key() != kmsg.ApiVersions.Int16() && len(payload) > 0 {
		payload = payload[1:]
	}
	if err := resp.ReadFrom(payload); err != nil {
		return nil, notKafkaError{body[8:min(len(body), 56)]}
	}
	return resp, nil
}

// read reads one answer from the connection: its length, the correlation id and the rest.
func (w *wire) read() ([]byte, error) {
	head, err := w.in.Peek(4)
	if err != nil && len(head) == 0 {
		return nil, err
	}
	size := int64(0)
	if len(head) == 4 {
		size = int64(binary.BigEndian.Uint32(head))
	}
	if size < 6 || size > maxReply { // correlation id and error code are the least there is
		first, _ := w.in.Peek(min(max(w.in.Buffered(), 1), 48))
		return nil, notKafkaError{first}
	}
	body := make([]byte, 4+size)
	if _, err := io.ReadFull(w.in, body); err != nil {
		return nil, err
	}
	if int32(binary.BigEndian.Uint32(body[4:])) != w.asked {
		return nil, notKafkaError{body[:min(len(body), 48)]}
	}
	return body, nil
}

// apiVersions sends the one request that every Kafka since 0.10 answers before authentication. All
// of them answer version 0, and in a form that needs no negotiation.
func (w *wire) apiVersions() (offers, error) {
	req := kmsg.NewPtrApiVersionsRequest()
	req.SetVersion(0)
	answered, err := w.ask(req)
	if err != nil {
		return nil, err
	}
	resp, _ := answered.(*kmsg.ApiVersionsResponse)
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return nil, fmt.Errorf("ApiVersions: %w", err)
	}
	var keys offers
	for _, key := range resp.ApiKeys {
		keys = append(keys, key.ApiKey)
	}
	return keys, nil
}
