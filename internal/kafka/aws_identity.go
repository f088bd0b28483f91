package kafka

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"kafkactl/internal/properties"
)

// awsIdentity is who one is to AWS: the keys of the environment, a web identity or a container, and the role that the
// settings name. AWS's SDK knows more sources, and its set-up would cost every start of every command more than a
// millisecond. Nothing is read or asked before the first login. It is safe for concurrent use.
type awsIdentity struct {
	properties.AWS
	env    func(name string) string
	client *http.Client

	mu   sync.Mutex
	last awsCredentials
	good time.Time // until when last is used; zero for ever
}

func newAWSIdentity(settings properties.AWS) *awsIdentity {
	return &awsIdentity{AWS: settings, env: os.Getenv, client: &http.Client{
		Timeout: AnswerTimeout,
		Transport: &http.Transport{
			Proxy:       http.ProxyFromEnvironment, // which leaves out what is on this machine
			DialContext: (&net.Dialer{Timeout: dialTimeout}).DialContext,
		},
	}}
}

// credentials returns keys that are good now. Those that end are replaced some time before.
func (i *awsIdentity) credentials(ctx context.Context, broker string) (awsCredentials, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.last.key != "" && (i.good.IsZero() || time.Now().Before(i.good)) {
		return i.last, nil
	}
	found, err := i.source(ctx, broker)
	if err == nil && i.RoleARN != "" {
		found, err = i.assumeRole(ctx, broker, found)
	}
	switch {
	case err != nil && i.last.key != "" && !RefusedSASL(err):
		if time.Now().Before(i.last.expires) {
			return i.last, nil
		}
		return awsCredentials{}, ended("key of AWS", err)
	case err != nil:
		return awsCredentials{}, err
	}
	i.last, i.good = found, time.Time{}
	if !found.expires.IsZero() {
		i.good = found.expires.Add(-min(5*time.Minute, time.Until(found.expires)/4))
	}
	return found, nil
}

// source returns the keys of the first of the sources that there is, in the order of AWS's SDKs.
func (i *awsIdentity) source(ctx context.Context, broker string) (awsCredentials, error) {
	key, secret := i.env("AWS_ACCESS_KEY_ID"), properties.NewSecret(i.env("AWS_SECRET_ACCESS_KEY"))
	switch {
	case key != "" && secret.IsSet():
		return awsCredentials{key: key, secret: secret, session: properties.NewSecret(i.env("AWS_SESSION_TOKEN"))}, nil
	case key != "" || secret.IsSet():
		return awsCredentials{}, noAWS("only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set", "set both")
	case i.env("AWS_WEB_IDENTITY_TOKEN_FILE") != "":
		return i.webIdentity(ctx, broker)
	case i.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != "" || i.env("AWS_CONTAINER_CREDENTIALS_FULL_URI") != "":
		return i.container(ctx)
	}
	return awsCredentials{}, noAWS(
		"none of AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_FULL_URI (or _RELATIVE_URI) is set", exportAWS)
}

// exportAWS is how keys get into the environment that AWS's own tools find elsewhere: in a profile, by SSO, from the
// instance.
const exportAWS = `kafkactl reads no profiles of ~/.aws and asks no EC2 instance: eval "$(aws configure export-credentials --format env)" sets the variables`

// mounted returns the token in the file that a variable names.
func (i *awsIdentity) mounted(variable string) (string, error) {
	data, err := os.ReadFile(i.env(variable))
	switch {
	case err != nil && LocalFault(err) != nil:
		return "", err
	case err != nil:
		return "", noAWS(variable+": "+err.Error(), "look whether the token is mounted there")
	}
	return strings.TrimSpace(string(data)), nil
}

// region returns the region of the settings, "" for none.
func (i *awsIdentity) region() string {
	return cmp.Or(i.STSRegion, i.env("AWS_REGION"), i.env("AWS_DEFAULT_REGION"))
}

// noAWS is an identity that cannot be had: asking again changes nothing.
func noAWS(why, hint string) error {
	return &LoginError{Text: "no AWS credentials: " + why, Fix: hint}
}

// awsError is a login by an identity of AWS for which something is missing, or does not answer. It wraps nothing: see
// [tokenError].
type awsError struct{ text, hint string }

func (e *awsError) Error() string { return e.text }

// Hint returns what to do.
func (e *awsError) Hint() string { return e.hint }

// askAWS sends the request that build makes, and again where that may help, as awsMaxRetries and awsMaxBackOffTimeMs
// say. read is given the status and the body of the answer.
func askAWS[T any](
	ctx context.Context, i *awsIdentity, build func() (*http.Request, error), read func(status int, body []byte) (T, bool, error),
) (T, error) {
	again := backoffs{first: 200 * time.Millisecond, longest: cmp.Or(i.MaxBackoff, 5*time.Second), tries: cmp.Or(i.Attempts, 4)}
	return askAgain(ctx, again, func() (T, bool, error) {
		var none T
		req, err := build()
		if err != nil {
			return none, true, err
		}
		status, body, err := answerOf(i.client, req.WithContext(ctx))
		if err != nil {
			return none, Unverified(err), &awsError{
				"no AWS credentials: " + req.URL.Host + ": " + Symptom(err), "look whether it is reached from here: this is where the environment says that credentials come from",
			}
		}
		return read(status, body)
	})
}
