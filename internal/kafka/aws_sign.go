package kafka

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"kafkactl/internal/properties"
)

const (
	awsAlgorithm = "AWS4-HMAC-SHA256"
	// awsGood is for how long a signature is good, in seconds: as in the libraries of MSK.
	awsGood = "900"
)

// awsCredentials are the keys of an identity of AWS.
type awsCredentials struct {
	key     string
	secret  properties.Secret
	session properties.Secret // of a role that was assumed; none of a user
	expires time.Time         // zero for never
}

// awsTarget is what a signature is for.
type awsTarget struct{ service, region, host, path string }

// sign returns the query of a GET with a signature in it (Signature Version 4, with the query as its place).
func (c awsCredentials) sign(query url.Values, to awsTarget, now time.Time) url.Values {
	stamp := now.UTC().Format("20060102T150405Z")
	scope := []string{stamp[:8], to.region, to.service, "aws4_request"}
	query.Set("X-Amz-Algorithm", awsAlgorithm)
	query.Set("X-Amz-Credential", c.key+"/"+strings.Join(scope, "/"))
	query.Set("X-Amz-Date", stamp)
	query.Set("X-Amz-Expires", awsGood)
	query.Set("X-Amz-SignedHeaders", "host")
	if c.session.IsSet() {
		query.Set("X-Amz-Security-Token", c.session.Reveal())
	}
	request := strings.Join([]string{"GET", to.path, awsQuery(query), "host:" + to.host, "", "host", hexSHA256("")}, "\n")
	key := []byte("AWS4" + c.secret.Reveal())
	for _, part := range scope {
		key = hmacSHA256(key, part)
	}
	text := strings.Join([]string{awsAlgorithm, stamp, strings.Join(scope, "/"), hexSHA256(request)}, "\n")
	query.Set("X-Amz-Signature", hex.EncodeToString(hmacSHA256(key, text)))
	return query
}

// awsQuery is a query in the form that is signed.
func awsQuery(query url.Values) string { return strings.ReplaceAll(query.Encode(), "+", "%20") }

func hexSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func hmacSHA256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
