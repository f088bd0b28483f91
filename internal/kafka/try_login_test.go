package kafka

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
)

// A login is tried just once, and says whether it is the user, the mechanism or the broker.
func TestTryLogin(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "app", "secret"))
	asked := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLHandshake}, Count: -1, Observe: true})
	config := Config{Brokers: addrs, Version: "test"}
	login := func(mechanism string) properties.SASL {
		return properties.SASL{Mechanism: mechanism, Username: "app", Password: properties.NewSecret("secret")}
	}
	if err := config.TryLogin(t.Context(), addrs[0], login("SCRAM-SHA-512")); err != nil || asked.Hits() != 1 {
		t.Errorf("right: %v after %d logins", err, asked.Hits())
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLAuthenticate}, Err: kerr.SaslAuthenticationFailed}) // kfake itself hangs up
	if err := config.TryLogin(t.Context(), addrs[0], login("SCRAM-SHA-512")); !errors.Is(err, kerr.SaslAuthenticationFailed) || asked.Hits() != 2 {
		t.Errorf("another password: %v after %d logins", err, asked.Hits())
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLHandshake}, Err: kerr.UnsupportedSaslMechanism})
	err := config.TryLogin(t.Context(), addrs[0], login("SCRAM-SHA-256"))
	if !errors.Is(err, kerr.UnsupportedSaslMechanism) {
		t.Errorf("no such mechanism: %v", err)
	}
	plain, addrs := kafkatest.Fake(t)
	plain.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLHandshake}, Count: -1, Err: kerr.IllegalSaslState})
	err = config.TryLogin(t.Context(), addrs[0], login("SCRAM-SHA-256"))
	if !errors.Is(err, kerr.IllegalSaslState) {
		t.Errorf("no login: %v", err)
	}
}
