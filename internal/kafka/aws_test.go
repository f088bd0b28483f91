package kafka

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	msk "github.com/twmb/franz-go/pkg/sasl/aws"

	"kafkactl/internal/properties"
)

// mskBroker is the name of a broker of MSK.
const mskBroker = "b-1.demo.a1b2c3.c4.kafka.eu-west-1.amazonaws.com"

// identityWith returns an identity whose environment is env alone.
func identityWith(env map[string]string, settings properties.AWS) *awsIdentity {
	i := newAWSIdentity(settings)
	i.env = func(name string) string { return env[name] }
	return i
}

// canaryKeys is an environment with keys.
func canaryKeys() map[string]string {
	return map[string]string{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": clientSecret}
}

// The signatures are those that AWS's own SDK for Go makes (aws/signer/v4, PresignHTTP).
func TestAWSSignature(t *testing.T) {
	t.Parallel()
	for session, want := range map[string]string{
		"":                          "a2cfaf2af9f19e41d53072ee424e0e41c2c36810dc7742ea2c4c093b2cdce3d2",
		"FwoGZXIvYXdzEPn+/tok en==": "089f9262eff0422694e7ded80e5717853196481bffffdebad3f82f3c88a21e65",
	} {
		c := awsCredentials{
			key: "AKIDEXAMPLE", secret: properties.NewSecret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), session: properties.NewSecret(session),
		}
		signed := c.sign(url.Values{"Action": {"kafka-cluster:Connect"}}, awsTarget{"kafka-cluster", "eu-west-1", mskBroker, "/"},
			time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC))
		if got := signed.Get("X-Amz-Signature"); got != want {
			t.Errorf("session token %q: signature %s, want %s", session, got, want)
		}
	}
}

// signatureOf makes the signature of a payload anew, for the keys that the test knows.
func signatureOf(payload map[string]string, secret string) string {
	credential := strings.Split(payload["x-amz-credential"], "/")
	c := awsCredentials{key: credential[0], secret: properties.NewSecret(secret), session: properties.NewSecret(payload["x-amz-security-token"])}
	when, _ := time.Parse("20060102T150405Z", payload["x-amz-date"])
	query := url.Values{"Action": {"kafka-cluster:Connect"}}
	return c.sign(query, awsTarget{credential[3], credential[2], payload["host"], "/"}, when).Get("X-Amz-Signature")
}

// The payload has what that of kgo's mechanism has, for the same host and keys.
func TestAWSPayload(t *testing.T) {
	t.Parallel()
	_, reference, err := msk.Auth{AccessKey: "AKIDEXAMPLE", SecretKey: clientSecret, SessionToken: "session", UserAgent: "kafkactl"}.
		AsManagedStreamingIAMMechanism().Authenticate(t.Context(), mskBroker+":9098")
	if err != nil {
		t.Fatal(err)
	}
	env := canaryKeys()
	env["AWS_SESSION_TOKEN"] = "session"
	_, first, err := awsIAM{identityWith(env, properties.AWS{})}.Authenticate(t.Context(), mskBroker+":9098")
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]string
	if err := errors.Join(json.Unmarshal(reference, &want), json.Unmarshal(first, &got)); err != nil {
		t.Fatal(err)
	}
	if made := signatureOf(got, clientSecret); got["x-amz-signature"] != made {
		t.Errorf("signature %s, want %s", got["x-amz-signature"], made)
	}
	if got["x-amz-expires"] != "900" {
		t.Errorf("good for %s s, want 900 as in Java", got["x-amz-expires"])
	}
	for _, differs := range []string{"x-amz-date", "x-amz-signature", "x-amz-expires"} {
		delete(want, differs)
		delete(got, differs)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The region is the broker's, then awsStsRegion, then that of the environment; without any it is told.
func TestAWSRegion(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		mskBroker + ":9098": "eu-west-1",
		"boot-a1b2.c3.kafka-serverless.us-east-2.amazonaws.com:9098":  "us-east-2",
		"b-2.x.y.c2.kafka.cn-north-1.amazonaws.com.cn:9098":           "cn-north-1",
		"b-1.x.y.c2.kafka.us-gov-west-1.amazonaws.com:9098":           "us-gov-west-1",
		"vpce-1.scram.kafka.ap-southeast-1.vpce.amazonaws.com:14001":  "ap-southeast-1",
		"kafka.example.com:9098":                                      "settings",
		"kafka.internal.eu-west-1.example.com.kafka.example.com:9098": "settings",
	} {
		i := identityWith(map[string]string{"AWS_REGION": "environment"}, properties.AWS{STSRegion: "settings"})
		if got := i.signingRegion(addr); got != want {
			t.Errorf("%s: region %q, want %q", addr, got, want)
		}
	}
	if got := identityWith(map[string]string{"AWS_DEFAULT_REGION": "last"}, properties.AWS{}).signingRegion("127.0.0.1:9098"); got != "last" {
		t.Errorf("region %q, want that of AWS_DEFAULT_REGION", got)
	}
	_, _, err := awsIAM{identityWith(canaryKeys(), properties.AWS{})}.Authenticate(t.Context(), "127.0.0.1:9098")
	if want := "no AWS region: the address 127.0.0.1:9098 has none in it, as the brokers of Amazon MSK have"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// awsListener is a broker that wants AWS_MSK_IAM. login gets the payload, and returns the reason for refusing it.
func awsListener(t *testing.T, login func(payload map[string]string) string) string {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.ControlKey(int16(kmsg.SASLHandshake), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		resp := req.ResponseKind().(*kmsg.SASLHandshakeResponse)
		if req.(*kmsg.SASLHandshakeRequest).Mechanism != properties.AWSMSKIAM {
			resp.ErrorCode = kerr.UnsupportedSaslMechanism.Code
		}
		return resp, nil, true
	})
	c.ControlKey(int16(kmsg.SASLAuthenticate), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		resp := req.ResponseKind().(*kmsg.SASLAuthenticateResponse)
		var payload map[string]string
		reason := "not JSON"
		if json.Unmarshal(req.(*kmsg.SASLAuthenticateRequest).SASLAuthBytes, &payload) == nil {
			reason = login(payload)
		}
		if reason != "" {
			resp.ErrorCode, resp.ErrorMessage = kerr.SaslAuthenticationFailed.Code, &reason
		}
		resp.SASLAuthBytes = []byte(`{"version":"2020_10_22","request-id":"1"}`)
		return resp, nil, true
	})
	return c.ListenAddrs()[0]
}

// A login by AWS_MSK_IAM goes through, and MSK's refusal is told with who to look at; the secret is sent to nobody.
func TestAWSLogin(t *testing.T) {
	t.Parallel()
	secret := clientSecret
	addr := awsListener(t, func(payload map[string]string) string {
		if strings.Contains(fmt.Sprint(payload), clientSecret) || payload["x-amz-signature"] != signatureOf(payload, secret) {
			return "[f00d]: Access denied"
		}
		return ""
	})
	env := canaryKeys()
	env["AWS_REGION"] = "eu-west-1"
	for _, key := range []string{clientSecret, clientSecret + "-wrong"} {
		env["AWS_SECRET_ACCESS_KEY"] = key
		identity := identityWith(env, properties.AWS{})
		client, err := Dial(t.Context(), Config{Brokers: []string{addr}, Security: Security{Protocol: properties.SASLPlaintext, mechanism: awsIAM{identity}}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Any.Request(t.Context(), kmsg.NewPtrMetadataRequest())
		client.Close()
		switch {
		case key == secret && err != nil:
			t.Errorf("%v", err)
		case key != secret && (!Unauthorized(err) || !strings.Contains(err.Error(), "Access denied") || !strings.Contains(LoginHint(err), "kafka-cluster:Connect")):
			t.Errorf("refused: %v; hint %s", err, LoginHint(err))
		}
	}
}

// The token that MSK takes with OAUTHBEARER is a signed URL in base64, made anew for each login.
func TestAWSToken(t *testing.T) {
	t.Parallel()
	m := &bearer{next: identityWith(canaryKeys(), properties.AWS{}).token}
	_, first, err := m.Authenticate(t.Context(), mskBroker+":9098")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(strings.TrimPrefix(string(first), "n,,\x01auth=Bearer "), "\x01\x01")
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("%q: %v", first, err)
	}
	signed, err := url.Parse(string(decoded))
	if err != nil {
		t.Fatal(err)
	}
	payload := map[string]string{"host": signed.Host}
	for name, values := range signed.Query() {
		payload[strings.ToLower(name)] = values[0]
	}
	if want := "kafka.eu-west-1.amazonaws.com"; signed.Scheme != "https" || signed.Host != want || payload["user-agent"] != "kafkactl" {
		t.Errorf("%s", decoded)
	}
	if made := signatureOf(payload, clientSecret); payload["x-amz-signature"] != made {
		t.Errorf("signature %s, want %s", payload["x-amz-signature"], made)
	}
}

// fakeAWS is a server of keys. It counts what it is asked.
func fakeAWS(t *testing.T, serve func(asked int, w http.ResponseWriter, r *http.Request)) (addr string, asked *int) {
	t.Helper()
	asked = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		serve(*asked, w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func keysXML(action string, expires time.Time) string {
	return fmt.Sprintf(`<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult><Credentials><AccessKeyId>ASIA</AccessKeyId>`+
		`<SecretAccessKey>%s</SecretAccessKey><SessionToken>session</SessionToken><Expiration>%s</Expiration></Credentials></%sResult></%sResponse>`,
		action, action, clientSecret, expires.UTC().Format(time.RFC3339), action, action)
}

// A web identity is exchanged at STS for keys, which are asked for anew before they end.
func TestAWSWebIdentity(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("web.identity\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var form url.Values
	address, asked := fakeAWS(t, func(asked int, w http.ResponseWriter, r *http.Request) {
		if asked == 1 { // asked again
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_ = r.ParseForm()
		form = r.PostForm
		_, _ = io.WriteString(w, keysXML("AssumeRoleWithWebIdentity", time.Now().Add(time.Hour)))
	})
	i := identityWith(map[string]string{
		"AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:role", "AWS_ENDPOINT_URL_STS": address, "AWS_REGION": "eu-west-1",
	}, properties.AWS{})
	for range 2 {
		got, err := i.credentials(t.Context(), "")
		if err != nil || got.key != "ASIA" || got.session.Reveal() != "session" || got.secret.Reveal() != clientSecret {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	want := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {"arn:role"}, "RoleSessionName": {"kafkactl"}, "WebIdentityToken": {"web.identity"},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if end := time.Until(i.good); *asked != 2 || end < 54*time.Minute || end > 55*time.Minute {
		t.Errorf("asked %d times, and again in %s; want 2, and five minutes before the hour is over", *asked, end)
	}
	i.good = time.Now()
	if _, err := i.credentials(t.Context(), ""); err != nil || *asked != 3 {
		t.Errorf("asked %d times after the keys ended, want 3: %v", *asked, err)
	}
}

// The agent of a container is shown what it wants to see; the role of the settings is assumed with the agent's keys.
func TestAWSContainerAndRole(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("agent.token"), 0o600); err != nil {
		t.Fatal(err)
	}
	agent, _ := fakeAWS(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "agent.token" || r.URL.Path != "/v1/credentials" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, `{"AccessKeyId":"AGENT","SecretAccessKey":"agent-`+clientSecret+`","Token":"t","Expiration":"2099-01-01T00:00:00Z"}`)
	})
	sts, _ := fakeAWS(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		signature := query.Get("X-Amz-Signature")
		when, _ := time.Parse("20060102T150405Z", query.Get("X-Amz-Date"))
		for name := range query {
			if strings.HasPrefix(name, "X-Amz-") {
				query.Del(name)
			}
		}
		own := awsCredentials{key: "AGENT", secret: properties.NewSecret("agent-" + clientSecret), session: properties.NewSecret("t")}
		signed := own.sign(query, awsTarget{"sts", "eu-central-1", r.Host, "/"}, when)
		if query.Get("RoleArn") != "arn:other" || query.Get("ExternalId") != "x" || query.Get("RoleSessionName") != "me" || signed.Get("X-Amz-Signature") != signature {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, keysXML("AssumeRole", time.Now().Add(time.Hour)))
	})
	i := identityWith(map[string]string{
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": agent + "/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file, "AWS_ENDPOINT_URL_STS": sts,
	}, properties.AWS{RoleARN: "arn:other", RoleExternalID: "x", RoleSessionName: "me", STSRegion: "eu-central-1"})
	if got, err := i.credentials(t.Context(), "eu-west-1"); err != nil || got.key != "ASIA" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Without keys it is said where they were looked for. A refusal is final and a refused login, whatever STS quotes is
// not repeated, and what does not answer is given up in time.
func TestAWSFaults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(clientSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	refusing := func(code, message string) string {
		address, _ := fakeAWS(t, func(asked int, w http.ResponseWriter, _ *http.Request) {
			if asked > 1 {
				t.Errorf("%s: asked again", code)
			}
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<ErrorResponse><Error><Type>Sender</Type><Code>"+code+"</Code><Message>"+message+"</Message></Error></ErrorResponse>")
		})
		return address
	}
	web := func(address string) map[string]string {
		return map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:role", "AWS_ENDPOINT_URL_STS": address, "AWS_REGION": "eu-west-1"}
	}
	agent := func(address string) map[string]string {
		return map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": address}
	}
	noJSON, _ := fakeAWS(t, func(_ int, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, clientSecret) })
	busy, _ := fakeAWS(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, tt := range []struct {
		name    string
		env     map[string]string
		refused bool
		want    string
	}{
		{"nothing", nil, true, "none of AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_FULL_URI"},
		{"half", map[string]string{"AWS_ACCESS_KEY_ID": "x"}, true, "only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set"},
		{"no role", map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": file}, true, "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN"},
		{"no file", map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": file + "x", "AWS_ROLE_ARN": "r"}, true, "AWS_WEB_IDENTITY_TOKEN_FILE: open "},
		{"refused", web(refusing("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")), true, "refuses the web identity in " + file + " the role arn:role: AccessDenied: Not authorized"},
		{"a quoted token", web(refusing("InvalidIdentityToken", "the token "+clientSecret+" is not good")), true, "InvalidIdentityToken: the token [hidden] is not good"},
		{"what was signed", web(refusing("SignatureDoesNotMatch", "the string was "+clientSecret)), true, ": SignatureDoesNotMatch"},
		{"another agent", agent("http://example.com/"), true, "is neither https nor the address of an agent on this machine"},
		{"not keys", agent(noJSON), true, "answers without keys"},
		{"busy", agent(busy), false, "answers Internal Server Error"},
		{"unreachable", web(closed.URL), false, "connection refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := identityWith(tt.env, properties.AWS{Attempts: 2, MaxBackoff: time.Millisecond}).credentials(t.Context(), "")
			var hint interface{ Hint() string }
			switch {
			case err == nil || !strings.Contains(err.Error(), tt.want) || RefusedSASL(err) != tt.refused:
				t.Errorf("refused %t: %v, want %s", RefusedSASL(err), err, tt.want)
			case strings.Contains(err.Error(), clientSecret):
				t.Errorf("tells a secret: %v", err)
			case !errors.As(err, &hint) || hint.Hint() == "":
				t.Errorf("no hint: %v", err)
			}
		})
	}
}

// An endpoint that says nothing does not hold a login for longer than the context, and the login that asks has a
// deadline of its own.
func TestAWSSilence(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	t.Cleanup(func() { close(held) })
	silent, _ := fakeAWS(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
		case <-r.Context().Done():
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := identityWith(map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": silent}, properties.AWS{}).credentials(ctx, "eu-west-1")
	if took := time.Since(start); err == nil || !strings.Contains(err.Error(), "no answer") || took > 5*time.Second {
		t.Errorf("after %s: %v", took, err)
	}
}
