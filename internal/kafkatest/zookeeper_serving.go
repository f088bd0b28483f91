package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"kafkactl/internal/zookeeper"
)

// checkZooKeeper returns nil when ZooKeeper at addr answers srvr with its mode, that is, when it
// takes sessions. After a restart, or in an ensemble without its quorum, it accepts connections and
// does not.
func checkZooKeeper(ctx context.Context, addr string) error {
	status, err := askSrvr(ctx, addr)
	if err != nil {
		return err
	}
	if status.Mode == "" {
		return errors.New("answers srvr without a mode: " + strings.TrimSpace(status.Text))
	}
	return nil
}

// askSrvr asks ZooKeeper at addr for its status, within probeTimeout.
func askSrvr(ctx context.Context, addr string) (zookeeper.Status, error) {
	dialer := net.Dialer{Timeout: probeTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return zookeeper.Status{}, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(probeTimeout)); err != nil {
		return zookeeper.Status{}, err
	}
	status, err := zookeeper.Srvr(conn)
	if err != nil {
		return zookeeper.Status{}, fmt.Errorf("ask srvr: %w", err)
	}
	return status, nil
}
