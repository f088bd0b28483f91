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
// restart it accepts connections for a moment before it does.
func checkZooKeeper(ctx context.Context, addr string) error {
	dialer := net.Dialer{Timeout: probeTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(probeTimeout)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "srvr"); err != nil {
		return fmt.Errorf("ask srvr: %w", err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return fmt.Errorf("read srvr: %w", err)
	}
	if !strings.Contains(string(answer), "\nMode: ") {
		return errors.New("answers srvr without a mode: " + strings.TrimSpace(string(answer)))
	}
	return nil
}
