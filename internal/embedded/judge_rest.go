package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// askTimeout is for an answer that comes from this process.
const askTimeout = 30 * time.Second

// rest has kfake answer what is left of a request when its refused parts have been taken out: a
// function before kfake sees no answer, and so the request goes to kfake again, on a connection of
// its own. kfake goes on with other connections meanwhile.
func rest[R kmsg.Response](j *judge, req kmsg.Request) (R, error) {
	type answer struct {
		resp kmsg.Response
		err  error
	}
	node, answered := j.kfake.CurrentNode(), make(chan answer, 1)
	j.kfake.SleepControl(func() {
		resp, err := j.ask(node, req)
		answered <- answer{resp, err}
	})
	var none R
	select {
	case a := <-answered:
		if a.err != nil {
			return none, a.err
		}
		return a.resp.(R), nil
	default:
		return none, errEnded
	}
}

// errEnded is the error of an answer that did not come before the brokers ended.
var errEnded = errors.New("the brokers end")

// answerTo returns an empty answer of the request's version.
func answerTo[R kmsg.Response](req kmsg.Request) R { return req.ResponseKind().(R) }

// ask sends a request to a broker on a connection of its own.
func (j *judge) ask(node int32, req kmsg.Request) (kmsg.Response, error) {
	conn, err := j.dial(node)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	if err = conn.SetDeadline(time.Now().Add(askTimeout)); err != nil {
		return nil, err
	}
	if _, err = conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, req, 0)); err != nil {
		return nil, err
	}
	resp := req.ResponseKind()
	header := 4 // the correlation id, and an empty list of tags
	if resp.IsFlexible() {
		header++
	}
	var size [4]byte
	if _, err = io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err = io.ReadFull(conn, body); err != nil {
		return nil, err
	}
	if len(body) < header {
		return nil, fmt.Errorf("an answer of %d bytes", len(body))
	}
	return resp, resp.ReadFrom(body[header:])
}
