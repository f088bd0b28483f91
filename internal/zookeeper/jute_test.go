package zookeeper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func packet(body ...byte) []byte { return appendBuffer(nil, body) }

func numbers(all ...uint32) (text []byte) {
	for _, n := range all {
		text = binary.BigEndian.AppendUint32(text, n)
	}
	return text
}

// refusedBy is an error as a person reads it, "" for none.
func refusedBy(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Lengths are the server's: null is empty, and what cannot be is refused before it is taken.
func TestJuteBuffer(t *testing.T) {
	t.Parallel()
	type read struct{ Data, Error string }
	foreign := ErrNotZooKeeper.Error()
	for _, test := range []struct {
		name   string
		length uint32
		want   read
	}{
		{"whole", 3, read{"abc", ""}},
		{"part", 2, read{"ab", ""}},
		{"empty", 0, read{}},
		{"null", 0xffffffff, read{}},
		{"negative", 0xfffffffe, read{"", foreign}},
		{"beyond its end", 4, read{"", foreign}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := jute{rest: append(numbers(test.length), "abc"...)}
			got := read{Data: string(j.buffer())}
			got.Error = refusedBy(j.err)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An answer is the one to the request that was made, and whole.
func TestParseReply(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		packet []byte
		want   error
	}{
		{"the answer", numbers(7, 0, 0, 0, 0), nil},
		{"to another request", numbers(6, 0, 0, 0, 0), ErrNotZooKeeper},
		{"refused", numbers(7, 0, 0, 0xffffff9b), Error{"/a", NoNode}},
		{"cut", numbers(7, 0, 0), ErrNotZooKeeper},
		{"cut behind its head", numbers(7, 0, 0, 0), ErrNotZooKeeper},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := parseReply(test.packet, Request{Number: 7, Op: GetData, Path: "/a"}); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

// What one side of the exchange writes, the other reads.
func TestBothSides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ask    Request
		answer Reply
	}{
		{Request{1, GetData, "/a"}, Reply{Number: 1, Data: []byte("one")}},
		{Request{2, GetChildren, "/a"}, Reply{Number: 2, Children: []string{"b", "c"}}},
		{Request{3, GetData, "/none"}, Reply{Number: 3, Code: NoNode}},
		{Request{4, CloseSession, ""}, Reply{Number: 4}},
	} {
		var wire bytes.Buffer
		if err := test.ask.write(&wire); err != nil {
			t.Fatal(err)
		}
		asked, err := ReadRequest(&wire)
		if diff := cmp.Diff(test.ask, asked); diff != "" || err != nil {
			t.Errorf("request: %v (-sent +read):\n%s", err, diff)
		}
		if err := WriteReply(&wire, asked, test.answer); err != nil {
			t.Fatal(err)
		}
		sent, err := readPacket(&wire)
		if err != nil {
			t.Fatal(err)
		}
		answered, err := parseReply(sent, test.ask)
		if diff := cmp.Diff(test.answer, answered); diff != "" {
			t.Errorf("reply: (-sent +read):\n%s", diff)
		}
		if (err == nil) != (test.answer.Code == OK) {
			t.Errorf("reply with code %s: %v", test.answer.Code, err)
		}
	}
}

// A server reads a request for a session and srvr, which comes without a length, from the same
// port.
func TestHello(t *testing.T) {
	t.Parallel()
	var hello bytes.Buffer
	if err := writeHello(&hello, time.Second); err != nil {
		t.Fatal(err)
	}
	type read struct {
		Srvr  bool
		Error string
		Left  int
	}
	for _, test := range []struct {
		name string
		sent []byte
		want read
	}{
		{"a session", hello.Bytes(), read{}},
		{"srvr", []byte("srvr"), read{Srvr: true}},
		{"half a session", hello.Bytes()[:20], read{Error: "unexpected EOF"}},
		{"nothing", nil, read{Error: "EOF"}},
		{"another protocol", []byte("GET / HTTP/1.0\r\n"), read{Error: ErrNotZooKeeper.Error(), Left: 12}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := bytes.NewReader(test.sent)
			srvr, err := ReadHello(in)
			if diff := cmp.Diff(test.want, read{srvr, refusedBy(err), in.Len()}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever answers in ZooKeeper's place neither panics nor makes more of its bytes than there are.
func FuzzReply(f *testing.F) {
	reply := numbers(1, 0, 0, 0)
	f.Add(packet(append(slices.Clone(reply), packet([]byte("data")...)...)...))
	f.Add(packet(append(slices.Clone(reply), 0, 0, 0, 1, 0, 0, 0, 1, 'a')...))
	f.Add(packet(append(slices.Clone(reply), 0x7f, 0xff, 0xff, 0xff)...))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n"))
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, sent []byte) {
		packet, err := readPacket(bytes.NewReader(sent))
		if len(packet) > maxPacket || err == nil && len(packet) > len(sent)-4 {
			t.Fatalf("%d bytes of %d: %v", len(packet), len(sent), err)
		}
		if err != nil {
			return
		}
		if _, err := parseGrant(packet); err != nil && !errors.Is(err, ErrNotZooKeeper) {
			t.Errorf("grant: %v", err)
		}
		for _, op := range []Op{GetData, GetChildren, CloseSession} {
			r, err := parseReply(packet, Request{Number: 1, Op: op, Path: "/path"})
			if _, refused := errors.AsType[Error](err); err != nil && !refused && !errors.Is(err, ErrNotZooKeeper) {
				t.Errorf("reply: %v", err)
			}
			if len(r.Data) > len(packet) || 4*len(r.Children) > len(packet) {
				t.Errorf("%d bytes of data and %d names in %d bytes", len(r.Data), len(r.Children), len(packet))
			}
		}
	})
}

// Whatever a client sends to a server that is played by a test is read or refused.
func FuzzRequest(f *testing.F) {
	f.Add(packet(append(numbers(1, 4, 2), '/', 'a', 0)...))
	f.Add(packet(numbers(2, 0xfffffff5)...))
	f.Add([]byte("srvr"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if q, err := ReadRequest(bytes.NewReader(sent)); len(q.Path) > len(sent) {
			t.Errorf("a path of %d bytes of %d: %v", len(q.Path), len(sent), err)
		}
		if srvr, err := ReadHello(bytes.NewReader(sent)); srvr && err != nil {
			t.Errorf("srvr, and %v", err)
		}
	})
}
