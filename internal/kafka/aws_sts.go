package kafka

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kafkactl/internal/properties"
)

// globalRegion is what AWS calls the place of STS that belongs to no region.
const globalRegion = "aws-global"

// webIdentity exchanges the token that Kubernetes writes to a file (IRSA). It is written anew before it ends.
func (i *awsIdentity) webIdentity(ctx context.Context, broker string) (awsCredentials, error) {
	file, role := i.env("AWS_WEB_IDENTITY_TOKEN_FILE"), i.env("AWS_ROLE_ARN")
	if role == "" {
		return awsCredentials{}, noAWS("AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN", "set both: the role is the one to be")
	}
	identity, err := i.mounted("AWS_WEB_IDENTITY_TOKEN_FILE")
	if err != nil {
		return awsCredentials{}, err
	}
	form := stsForm("AssumeRoleWithWebIdentity", role, cmp.Or(i.env("AWS_ROLE_SESSION_NAME"), awsAgent))
	form.Set("WebIdentityToken", identity)
	endpoint, _, err := i.sts(broker)
	if err != nil {
		return awsCredentials{}, err
	}
	build := func() (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint.String(), strings.NewReader(form.Encode()))
		if err == nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return req, err
	}
	asked := stsRequest{endpoint.Host, "the web identity in " + file, role, []string{identity}}
	return askAWS(ctx, i, build, asked.read)
}

// assumeRole returns the keys of the role that awsRoleArn names, for the identity that own are the keys of.
func (i *awsIdentity) assumeRole(ctx context.Context, broker string, own awsCredentials) (awsCredentials, error) {
	endpoint, region, err := i.sts(broker)
	if err != nil {
		return awsCredentials{}, err
	}
	build := func() (*http.Request, error) {
		form := stsForm("AssumeRole", i.RoleARN, cmp.Or(i.RoleSessionName, "aws-msk-iam-auth"))
		if i.RoleExternalID != "" {
			form.Set("ExternalId", i.RoleExternalID)
		}
		signed := *endpoint
		signed.RawQuery = awsQuery(own.sign(form, awsTarget{"sts", region, endpoint.Host, endpoint.Path}, time.Now()))
		return http.NewRequestWithContext(ctx, http.MethodGet, signed.String(), http.NoBody)
	}
	asked := stsRequest{endpoint.Host, "the key " + own.key, i.RoleARN, []string{own.secret.Reveal(), own.session.Reveal(), i.RoleExternalID}}
	return askAWS(ctx, i, build, asked.read)
}

func stsForm(action, role, session string) url.Values {
	return url.Values{"Action": {action}, "Version": {"2011-06-15"}, "RoleArn": {role}, "RoleSessionName": {session}}
}

// sts returns the address of STS, and its region: that of the settings, or else of the broker.
func (i *awsIdentity) sts(broker string) (endpoint *url.URL, region string, err error) {
	region = cmp.Or(i.region(), broker)
	host := "sts." + region + ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		host += ".cn"
	}
	if region == globalRegion {
		region, host = "us-east-1", "sts.amazonaws.com"
	}
	endpoint, err = url.Parse(cmp.Or(i.env("AWS_ENDPOINT_URL_STS"), i.env("AWS_ENDPOINT_URL"), "https://"+host))
	if err != nil || endpoint.Host == "" {
		return nil, "", noAWS("AWS_ENDPOINT_URL_STS is no URL", "take it out, or write https://HOST")
	}
	endpoint.Path = cmp.Or(endpoint.Path, "/")
	return endpoint, region, nil
}

// stsRequest is what was asked of STS, for messages.
type stsRequest struct {
	host, who, role string
	secrets         []string
}

// stsKeys are keys in an answer.
type stsKeys struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time
}

// read reads an answer. A refusal is final, unless STS is busy.
func (r stsRequest) read(status int, body []byte) (awsCredentials, bool, error) {
	var answer struct {
		Role    stsKeys `xml:"AssumeRoleResult>Credentials"`
		Web     stsKeys `xml:"AssumeRoleWithWebIdentityResult>Credentials"`
		Code    string  `xml:"Error>Code"`
		Message string  `xml:"Error>Message"`
	}
	malformed := xml.Unmarshal(body, &answer)
	keys := answer.Role
	if keys.AccessKeyID == "" {
		keys = answer.Web
	}
	busy := slices.Contains([]string{"Throttling", "ThrottlingException", "RequestLimitExceeded", "IDPCommunicationError"}, answer.Code)
	switch {
	case status >= http.StatusInternalServerError || busy:
		return awsCredentials{}, false, &awsError{"no AWS credentials: " + r.host + " answers " + http.StatusText(status), "try again later"}
	case status != http.StatusOK && answer.Code != "":
		return awsCredentials{}, true, noAWS(
			"STS ("+r.host+") refuses "+r.who+" the role "+r.role+": "+r.reason(answer.Code, answer.Message),
			"look at the trust policy of the role, and at what the identity may do")
	case status != http.StatusOK || malformed != nil || keys.AccessKeyID == "" || keys.SecretAccessKey == "":
		return awsCredentials{}, true, noAWS(
			r.host+" answers "+http.StatusText(status)+", and not as STS does", "look at AWS_ENDPOINT_URL_STS, and at the proxy between")
	}
	return awsCredentials{
		keys.AccessKeyID, properties.NewSecret(keys.SecretAccessKey), properties.NewSecret(keys.SessionToken), keys.Expiration,
	}, true, nil
}

// reason returns STS's reason. Its message is repeated where it is about rights or time only: others quote what was
// sent, such as a token or what was signed.
func (r stsRequest) reason(code, message string) string {
	told := []string{"AccessDenied", "ExpiredToken", "ExpiredTokenException", "IDPRejectedClaim", "InvalidIdentityToken", "RegionDisabledException"}
	if !slices.Contains(told, code) || message == "" {
		return Printable(code)
	}
	for _, secret := range r.secrets {
		if secret != "" {
			message = strings.ReplaceAll(message, secret, properties.NewSecret(secret).String())
		}
	}
	return Printable(code + ": " + message)
}
