package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
)

// explainTimeout is what a listener has to say which logins it has, once it has refused one.
const explainTimeout = 2 * time.Second

// ExplainLogin returns the error that cmd ended with, and where it is about a login what is known beyond it: which
// mechanisms the listener has, and what of the settings Java would read otherwise.
func (a *App) ExplainLogin(ctx context.Context, cmd *cobra.Command, err error) error {
	c := connectionOf(cmd)
	if err == nil || c == nil || !a.Started {
		return err
	}
	if errors.Is(err, kerr.SaslAuthenticationFailed) {
		return withDoubts(err, c.doubts, func(key string) bool { return !strings.HasPrefix(key, "ssl.") })
	}
	if errors.As(err, new(*health.NotReadyError)) || errors.As(err, new(*unreachableError)) {
		return err // the ladder has asked
	}
	if c.secured.Mechanism() != "" && kafka.ClosedByBroker(err) && HintOf(err) == "" {
		return WithHint(err, kafka.LoginUnanswered)
	}
	ctx, cancel := context.WithTimeout(ctx, explainTimeout)
	defer cancel()
	if !c.until.IsZero() {
		ctx, cancel = context.WithDeadline(ctx, c.until)
		defer cancel()
	}
	config := a.ClientConfig(c)
	for _, addr := range c.Brokers {
		if login := config.Listener(addr).Explain(ctx, err); login != nil {
			return login
		}
	}
	return err
}

// withDoubts adds to the hint of err the doubts about the keys that concern it.
func withDoubts(err error, doubts []properties.Problem, concerns func(key string) bool) error {
	hint := HintOf(err)
	for _, doubt := range doubts {
		if concerns(doubt.Key) {
			hint += "; " + doubt.String()
		}
	}
	return WithHint(err, hint)
}
