package kafka

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
)

// loggingIn is a client with a login, and how often a listener was asked for it; refuse reports whether that
// login is refused.
func loggingIn(t *testing.T, refuse func(login int32) bool) (*Client, *atomic.Int32) {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "app", "secret"))
	logins := new(atomic.Int32)
	cluster.ControlKey(kmsg.SASLAuthenticate.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if !refuse(logins.Add(1)) {
			return nil, nil, false
		}
		resp := kmsg.NewPtrSASLAuthenticateResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), kerr.SaslAuthenticationFailed.Code
		return resp, nil, true
	})
	security, err := NewSecurity(properties.Client{
		SecurityProtocol: properties.SASLPlaintext,
		SASL:             properties.SASL{Mechanism: properties.Plain, Username: "app", Password: properties.NewSecret("secret")},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(t.Context(), Config{Brokers: addrs, Security: security})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, logins
}

// atOnce asks by all ways that there are, many times at the same moment.
func atOnce(ctx context.Context, c *Client) []error {
	ways := []func() error{
		func() error { _, err := c.Metadata(ctx, c.Any, nil); return err },
		func() error { _, err := c.Metadata(ctx, c.Seed(), nil); return err },
		func() error { _, err := c.AnyMetadata(ctx, nil); return err },
	}
	errs := make([]error, 8*len(ways))
	var asking sync.WaitGroup
	for i := range errs {
		asking.Go(func() { errs[i] = ways[i%len(ways)]() })
	}
	asking.Wait()
	return errs
}

// A password that is refused is tried once, however many requests there are.
func TestRefusedLoginIsTriedOnce(t *testing.T) {
	t.Parallel()
	c, logins := loggingIn(t, func(int32) bool { return true })
	for range 2 {
		for _, err := range atOnce(t.Context(), c) {
			if !RefusedSASL(err) {
				t.Errorf("told %v", err)
			}
		}
	}
	if got := logins.Load(); got != 1 {
		t.Errorf("%d logins, want 1", got)
	}
}

// A login that is good lets all in.
func TestLoginLetsAllIn(t *testing.T) {
	t.Parallel()
	c, logins := loggingIn(t, func(int32) bool { return false })
	if err := errors.Join(atOnce(t.Context(), c)...); err != nil || logins.Load() == 0 {
		t.Errorf("%d logins, %v", logins.Load(), err)
	}
}

// A request that is given up, or whose connection breaks, says nothing about the login: the next one goes first.
func TestGateAfterAnotherError(t *testing.T) {
	t.Parallel()
	var gate loginGate
	broken := errors.New("broken")
	if _, err := gate.request(t.Context(), func() (kmsg.Response, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("told %v", err)
	}
	asked := make(chan struct{})
	answer := make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		_, _ = gate.request(t.Context(), func() (kmsg.Response, error) { close(asked); <-answer; return nil, nil })
	})
	<-asked
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := gate.request(ended, func() (kmsg.Response, error) { t.Error("asked beside the first"); return nil, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("told %v", err)
	}
	close(answer)
	first.Wait()
	for range 2 {
		if _, err := gate.request(t.Context(), func() (kmsg.Response, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("after the first: %v", err)
		}
	}
}
