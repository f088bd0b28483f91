package kafka

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/sasl"

	"kafkactl/internal/properties"
)

// awsAgent can be a condition of a policy (aws:UserAgent).
const awsAgent = "kafkactl"

// awsIAM is the mechanism AWS_MSK_IAM. kgo's own takes the region from the host, or else from AWS_REGION alone.
type awsIAM struct{ identity *awsIdentity }

// Name returns Kafka's name of the mechanism.
func (awsIAM) Name() string { return properties.AWSMSKIAM }

// Authenticate begins a login with a signature for one broker.
func (m awsIAM) Authenticate(ctx context.Context, addr string) (sasl.Session, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, err
	}
	query, err := m.identity.connect(ctx, addr, func(string) string { return host })
	if err != nil {
		return nil, nil, err
	}
	payload := map[string]string{"version": "2020_10_22", "host": host, "user-agent": awsAgent}
	for name := range query {
		payload[strings.ToLower(name)] = query.Get(name)
	}
	first, err := json.Marshal(payload)
	return awsSession{}, first, err
}

// awsSession is one login.
type awsSession struct{}

// Challenge takes the broker's answer to the payload: a JSON with the id of the request.
func (awsSession) Challenge(answer []byte) (done bool, reply []byte, err error) {
	if len(answer) == 0 {
		return false, nil, &LoginError{Text: "login by AWS_MSK_IAM refused: the broker answers with nothing"}
	}
	return true, nil, nil
}

// token returns the token that MSK takes with OAUTHBEARER: a signed URL of its service.
func (i *awsIdentity) token(ctx context.Context, addr string) (token, error) {
	var host string
	query, err := i.connect(ctx, addr, func(region string) string {
		host = "kafka." + region + ".amazonaws.com"
		return host
	})
	if err != nil {
		return token{}, err
	}
	query.Set("User-Agent", awsAgent) // which the signature is not about
	signed := url.URL{Scheme: "https", Host: host, Path: "/", RawQuery: awsQuery(query)}
	return token{text: base64.RawURLEncoding.EncodeToString([]byte(signed.String()))}, nil
}

// connect returns the signed query of the action kafka-cluster:Connect at a host, which may depend on the region.
func (i *awsIdentity) connect(ctx context.Context, addr string, hostIn func(region string) string) (url.Values, error) {
	region := i.signingRegion(addr)
	if region == "" {
		return nil, &LoginError{
			Text: "no AWS region: the address " + addr + " has none in it, as the brokers of Amazon MSK have",
			Fix:  `set AWS_REGION, or awsStsRegion="REGION" in sasl.jaas.config`,
		}
	}
	credentials, err := i.credentials(ctx, region)
	if err != nil {
		return nil, err
	}
	query := url.Values{"Action": {"kafka-cluster:Connect"}}
	return credentials.sign(query, awsTarget{"kafka-cluster", region, hostIn(region), "/"}, time.Now()), nil
}

// signingRegion returns the region of a broker: the one in its name, else that of the settings; "" for none.
func (i *awsIdentity) signingRegion(addr string) string {
	form := regexp.MustCompile(`\.kafka(?:-serverless)?\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.`)
	if found := form.FindStringSubmatch(addr); found != nil {
		return found[1]
	}
	if region := i.region(); region != globalRegion {
		return region
	}
	return ""
}
