package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hinted is an error of a caller, with its own advice.
type hinted struct{}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	here, there := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("10.0.0.2:54321")), net.TCPAddrFromAddrPort(netip.MustParseAddrPort("10.0.0.3:9092"))
	unreached := func(err error) error { return fmt.Errorf("broker 2 (kafka2:9092): list offsets: %w", err) }
	if Permanent(nil) != nil {
		t.Error("Permanent(nil) is an error")
	}
	for _, test := range []struct {
		name string
		err  error
		want Finding
	}{
		{"good", nil, Finding{Rung: "K6", Verdict: Pass, Evidence: "validated"}},
		{"not yet", errRefused, Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: refused"}},
		{"permanent", Permanent(hinted{}), Finding{Rung: "K6", Verdict: Fail, Evidence: "validated: TOPIC_AUTHORIZATION_FAILED", Hint: "grant Create on Topic order.created", HintID: "given"}},
		{"not marked", hinted{}, Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: TOPIC_AUTHORIZATION_FAILED", Hint: "grant Create on Topic order.created", HintID: "given"}},
		{"a network's error keeps who was asked", unreached(&net.OpError{
			Op: "read", Net: "tcp", Source: here, Addr: there, Err: os.NewSyscallError("read", syscall.ECONNRESET),
		}), Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: broker 2 (kafka2:9092): list offsets: closes the connection"}},
		{"a deadline keeps what is left to do", fmt.Errorf("write to broker 2: %w; topic x may be left (%w): delete it", context.DeadlineExceeded, errRefused), Finding{
			Rung: "K6", Verdict: Wait, Evidence: "validated: write to broker 2: no answer; topic x may be left (refused): delete it",
		}},
		{"a name", unreached(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "kafka2", IsNotFound: true}}), Finding{
			Rung: "K6", Verdict: Wait, Evidence: "validated: broker 2 (kafka2:9092): list offsets: no such host",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := ladder(t, Options{Brokers: fakeKafka(t).ListenAddrs(), WritePath: func(context.Context) (string, error) { return "validated", test.err }})
			got := finding(t, l.Climb(t.Context()), "K6")
			test.want.Question = "write path"
			got.Took = 0
			if !errors.Is(got.Err, test.err) {
				t.Errorf("err %v, want %v", got.Err, test.err)
			}
			got.Err = nil
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(Finding{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
