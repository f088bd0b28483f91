package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/properties"
)

// Listener is a listener as a client uses it: see [Listener.Explain].
type Listener struct {
	Addr      string // host:port
	Mechanism string // that the client logs in with; "" where it does not
	ClientID  string
	// Dial opens connections to it, with TLS where the client has that.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// mechanisms asks the listener which mechanisms it has, in alphabetical order; none where it has no
// login. It opens one connection, and logs nobody in.
func (l Listener) mechanisms(ctx context.Context) ([]string, error) {
	client, err := kgo.NewClient(kgo.Dialer(l.Dial), kgo.SeedBrokers(l.Addr), kgo.ClientID(l.ClientID),
		kgo.RequestRetries(0), kgo.RequestTimeoutOverhead(AnswerTimeout), kgo.DisableClientMetrics())
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	defer client.Close()
	// A broker answers a mechanism that it has at once and logs nothing; one that it does not have
	// is a failed login in its log, and answered 100 ms later (connection.failed.authentication.delay.ms).
	req := kmsg.NewPtrSASLHandshakeRequest()
	req.Mechanism = properties.ScramSHA512
	resp, err := ctxRequestor{client.SeedBrokers()[0]}.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	answered, _ := resp.(*kmsg.SASLHandshakeResponse)
	switch answered.ErrorCode {
	case 0, kerr.UnsupportedSaslMechanism.Code:
		slices.Sort(answered.SupportedMechanisms)
		return answered.SupportedMechanisms, nil
	case kerr.IllegalSaslState.Code: // of a PLAINTEXT or SSL listener
		return nil, nil
	}
	return nil, kerr.ErrorForCode(answered.ErrorCode)
}

// Explain returns what the listener says about logins, where that explains err: the listener does not
// have the client's mechanism, or closes the connection of one that does not log in. Otherwise it returns
// nil; it asks nothing where err is about something else, or says it already.
func (l Listener) Explain(ctx context.Context, err error) *LoginError {
	unlogged := l.Mechanism == "" && ClosedByBroker(err)
	if login, found := errors.AsType[*LoginError](err); found && login.Addr != "" || !unlogged && !errors.Is(err, kerr.UnsupportedSaslMechanism) {
		return nil
	}
	offered, failed := l.mechanisms(ctx)
	switch {
	case failed != nil || len(offered) == 0 || slices.Contains(offered, l.Mechanism):
		return nil //nolint:nilerr // nothing more is known than err says
	case unlogged:
		return &LoginError{Addr: l.Addr, Text: "login required: the listener offers " + strings.Join(offered, ", "), Fix: loginWith(offered)}
	}
	return &LoginError{
		Addr: l.Addr, Text: fmt.Sprintf("login refused: the listener does not have %s; it offers %s", l.Mechanism, strings.Join(offered, ", ")),
		Fix: loginWith(offered), Cause: kerr.UnsupportedSaslMechanism,
	}
}

// LoginUnanswered is the hint for a connection that is closed on whoever logs in.
const LoginUnanswered = "check the mechanism, the user name and the password; some servers refuse them without a word"

// ClosedByBroker reports whether a broker closed the connection instead of answering a request. Other
// ends of a stream, such as that of a file, are none.
func ClosedByBroker(err error) bool {
	return PeerClosed(err) && (err == io.EOF || //nolint:errorlint // as it is read from a connection
		errors.As(err, new(*kgo.ErrFirstReadEOF)) || errors.As(err, new(closedConnectionError)) || errors.As(err, new(*ConnectionError)))
}

// loginWith returns how to log in by one of the mechanisms that a listener offers.
func loginWith(offered []string) string {
	var ours []string
	for _, name := range []string{properties.Plain, properties.ScramSHA256, properties.ScramSHA512, properties.OAuthBearer, properties.AWSMSKIAM} {
		if slices.Contains(offered, name) {
			ours = append(ours, name)
		}
	}
	if len(ours) == 0 {
		return "kafkactl has none of them: give the address of a listener with another login, or a client certificate"
	}
	return fmt.Sprintf("log in with %s: --sasl-mechanism, or sasl.mechanism in --config FILE; kafkactl help security shows how", strings.Join(ours, " or "))
}
