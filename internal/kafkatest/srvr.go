package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// checkZooKeeper is nil when ZooKeeper at addr answers srvr with its mode, that is, when it takes sessions. After a
// restart, or in an ensemble without its quorum, it accepts connections and does not.
func checkZooKeeper(ctx context.Context, addr string) error {
	answer, err := askSrvr(ctx, addr)
	if err != nil {
		return err
	}
	if !strings.Contains(answer, "\nMode: ") {
		return errors.New("answers srvr without a mode: " + strings.TrimSpace(answer))
	}
	return nil
}

// askSrvr is what ZooKeeper at addr answers to the four letters srvr.
func askSrvr(ctx context.Context, addr string) (string, error) {
	dialer := net.Dialer{Timeout: probeTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(probeTimeout)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, "srvr"); err != nil {
		return "", fmt.Errorf("ask srvr: %w", err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return "", fmt.Errorf("read srvr: %w", err)
	}
	return string(answer), nil
}
