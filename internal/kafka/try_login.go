package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/properties"
)

// TryLogin logs in as another user at the listener at addr, over a connection of its own with the TLS of c: who has the
// user name and the password of login, by SCRAM, may. It asks for nothing that needs a right. It logs in once: a broker
// that refuses it writes a line to its log.
//
// The error is a [*LoginError] where the broker refuses: kerr.SaslAuthenticationFailed for a password that is not the
// user's, kerr.UnsupportedSaslMechanism where the listener does not have the mechanism.
func (c Config) TryLogin(ctx context.Context, addr string, login properties.SASL) error {
	mechanism, err := settingFiles{}.mechanism(login)
	if err != nil {
		return err
	}
	c.Brokers, c.Security.mechanism = []string{addr}, mechanism
	client, err := kgo.NewClient(append(c.DialOpts(ctx), kgo.RequestRetries(0))...)
	if err != nil {
		return fmt.Errorf("set up the Kafka client: %w", err)
	}
	defer client.Close()
	_, err = ctxRequestor{client.SeedBrokers()[0]}.Request(ctx, kmsg.NewPtrApiVersionsRequest())
	return err
}
