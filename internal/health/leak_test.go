package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// Climbs leave nothing behind, whatever they met: connections are those kept for the next climb,
// and closed with the ladder. It runs alone, as it counts goroutines.
func TestClimbsLeakNothing(t *testing.T) { //nolint:paralleltest // see above
	dead, closing, foreign := refusing(t), serve(t, closes), serve(t, says("SSH-2.0\r\n"))
	before := runtime.NumGoroutine()
	var mu sync.Mutex
	open, most := 0, 0
	counting := func(ctx context.Context, proto, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, proto, addr)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		open++
		most = max(most, open)
		return &counted{Conn: conn, gone: func() { mu.Lock(); open--; mu.Unlock() }}, nil
	}
	cluster := kfake.MustCluster(kfake.NumBrokers(3), kfake.ClusterID("cluster-a"))
	for i, o := range []Options{
		{Brokers: cluster.ListenAddrs(), ZooKeeper: []string{dead}},
		{Brokers: append([]string{dead, closing, foreign}, cluster.ListenAddrs()...)},
	} {
		o.Dial = counting
		o.WritePath = func(context.Context) (string, error) { return "", errors.New("not yet") }
		l, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			l.Climb(t.Context())
		}
		l.Close()
		if most > 40 {
			t.Errorf("ladder %d: %d connections at once", i, most)
		}
	}
	cluster.Close()
	left := func() string {
		mu.Lock()
		defer mu.Unlock()
		return fmt.Sprintf("%d connections, %d goroutines", open, max(0, runtime.NumGoroutine()-before))
	}
	const none = "0 connections, 0 goroutines"
	for soon := time.Now().Add(busy); left() != none && time.Now().Before(soon); { // they end by themselves
		<-time.After(10 * time.Millisecond)
	}
	if text := left(); text != none {
		stacks := make([]byte, 1<<20)
		t.Errorf("%s are left\n%s", text, stacks[:runtime.Stack(stacks, true)])
	}
}

type counted struct {
	net.Conn
	once sync.Once
	gone func()
}

func (c *counted) Close() error {
	c.once.Do(c.gone)
	return c.Conn.Close()
}
