package stack_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// mskListener is a broker with AWS_MSK_IAM, which takes the keys of AKIDEXAMPLE alone.
func mskListener(t *testing.T) string {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.ControlKey(int16(kmsg.SASLHandshake), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		return req.ResponseKind(), nil, true
	})
	c.ControlKey(int16(kmsg.SASLAuthenticate), func(req kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		resp := req.ResponseKind().(*kmsg.SASLAuthenticateResponse)
		resp.SASLAuthBytes = []byte(`{"version":"2020_10_22"}`)
		if !bytes.Contains(req.(*kmsg.SASLAuthenticateRequest).SASLAuthBytes, []byte(`"x-amz-credential":"AKIDEXAMPLE/`)) {
			reason := "[f00d]: Access denied"
			resp.ErrorCode, resp.ErrorMessage = kerr.SaslAuthenticationFailed.Code, &reason
		}
		return resp, nil, true
	})
	return c.ListenAddrs()[0]
}

// Flags and AWS's own variables are enough to log in by AWS_MSK_IAM. Without keys, and with keys that are refused, it is
// told at once, with exit code 6.
func TestAWSLogin(t *testing.T) {
	t.Parallel()
	broker := mskListener(t)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(refusing.Close)
	const region = "AWS_REGION=eu-west-1"
	keys := []string{region, "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=" + canary}
	for _, w := range []struct {
		name   string
		env    []string
		code   cli.ExitCode
		stderr []string
	}{
		{"keys", keys, cli.ExitDone, nil},
		{"no region", keys[1:], cli.ExitRefused, []string{`no AWS region: the address ` + broker + ` has none in it`, `hint: .*AWS_REGION`}},
		{"no keys", []string{region}, cli.ExitRefused, []string{`no AWS credentials: none of AWS_ACCESS_KEY_ID, `, `hint: .*aws configure export-credentials`}},
		{"keys of another", append(slices.Clone(keys), "AWS_ACCESS_KEY_ID=OTHER"), cli.ExitRefused, []string{`SASL_AUTHENTICATION_FAILED.*Access denied`, `hint: .*kafka-cluster:Connect`}},
		{"an agent that refuses", []string{region, "AWS_CONTAINER_CREDENTIALS_FULL_URI=" + refusing.URL}, cli.ExitRefused, []string{`no AWS credentials: the agent at .* refuses: Forbidden`}},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			for _, command := range []string{"list", "wait --for brokers --timeout 5s"} {
				args := strings.Fields(command + " -b " + broker + " --security-protocol SASL_PLAINTEXT --sasl-mechanism AWS_MSK_IAM")
				cmd, result := clitest.Program(t, args...)
				cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") }), w.env...)
				r := result(cmd.Run())
				told(t, r, w.code)
				r.WantErr(t, w.stderr...)
				if w.code == cli.ExitRefused && r.Took > 2*time.Second+clitest.Busy {
					t.Errorf("took %s", r.Took)
				}
			}
		})
	}
}

// --timeout bounds the time for keys, too.
func TestAWSLoginTimeout(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(held) })
	cmd, result := clitest.Program(t, "list", "--timeout", "1s", "-b", mskListener(t), "--security-protocol", "SASL_PLAINTEXT", "--sasl-mechanism", "AWS_MSK_IAM")
	cmd.Env = append(os.Environ(), "AWS_REGION=eu-west-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI="+silent.URL)
	r := result(cmd.Run())
	r.Want(t, cli.ExitTimeout)
	if r.Took > time.Second+clitest.Busy {
		t.Errorf("took %s", r.Took)
	}
}
