package kafka

import (
	"cmp"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kafkactl/internal/properties"
)

// container asks the agent of ECS, or of EKS's pod identity, for keys.
func (i *awsIdentity) container(ctx context.Context) (awsCredentials, error) {
	address, variable := i.env("AWS_CONTAINER_CREDENTIALS_FULL_URI"), "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	if path := i.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); path != "" {
		address, variable = "http://169.254.170.2"+path, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	}
	endpoint, err := url.Parse(address)
	if err != nil || !isAgent(endpoint) {
		return awsCredentials{}, noAWS(variable+" is neither https nor the address of an agent on this machine", "let ECS or EKS set it")
	}
	authorization, err := i.authorization()
	if err != nil {
		return awsCredentials{}, err
	}
	build := func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint.String(), http.NoBody)
		if err == nil && authorization != "" {
			req.Header.Set("Authorization", authorization)
		}
		return req, err
	}
	return askAWS(ctx, i, build, func(status int, body []byte) (awsCredentials, bool, error) {
		return readAgent(endpoint.Host, status, body)
	})
}

// authorization returns what the agent wants to see. EKS writes the file anew before it ends.
func (i *awsIdentity) authorization() (string, error) {
	const variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
	if i.env(variable) == "" {
		return i.env("AWS_CONTAINER_AUTHORIZATION_TOKEN"), nil
	}
	return i.mounted(variable)
}

// isAgent reports whether keys may be asked for at an address. Without encryption only the addresses of agents are
// taken, as in AWS's SDKs: whoever set another could read what is sent.
func isAgent(endpoint *url.URL) bool {
	host := endpoint.Hostname()
	if endpoint.Scheme != "http" {
		return endpoint.Scheme == "https" && host != ""
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || slices.Contains([]string{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"}, ip.String()))
}

// readAgent reads an answer of an agent. What it says of itself is not repeated: it may quote what was sent.
func readAgent(host string, status int, body []byte) (awsCredentials, bool, error) {
	var answer struct {
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
		Token           string
		Expiration      time.Time
		Code            string
	}
	malformed := json.Unmarshal(body, &answer)
	switch {
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
		return awsCredentials{}, false, &awsError{"no AWS credentials: the agent at " + host + " answers " + http.StatusText(status), "try again later"}
	case status != http.StatusOK:
		return awsCredentials{}, true, noAWS(
			"the agent at "+host+" refuses: "+Printable(cmp.Or(answer.Code, http.StatusText(status))),
			"look at the role of the task or of the pod, and at AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
	case malformed != nil || answer.AccessKeyID == "" || answer.SecretAccessKey == "":
		return awsCredentials{}, true, noAWS("the agent at "+host+" answers without keys", "look at AWS_CONTAINER_CREDENTIALS_FULL_URI")
	}
	return awsCredentials{
		answer.AccessKeyID, properties.NewSecret(answer.SecretAccessKey), properties.NewSecret(answer.Token), answer.Expiration,
	}, true, nil
}
