package embedded

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// loginDefects are about requests that kfake sees without a login or after one: logins themselves never
// reach it, see loginConn.
func loginDefects() []defect {
	return []defect{
		{
			name: "ApiVersions has no SaslHandshake v0",
			who:  "librdkafka: SASL Handshake not supported by broker",
			key:  kmsg.ApiVersions, answer: offerHandshake,
		}, {
			name: "SaslHandshake begins a login where there is none",
			who:  "all that are told to log in to a listener without SASL: they are let in",
			key:  kmsg.SASLHandshake, instead: refuseHandshake,
		}, {
			name: "SaslAuthenticate refuses without words",
			who:  "as above",
			key:  kmsg.SASLAuthenticate, instead: refuseAuthenticate,
		},
	}
}

// offerHandshake adds the version of SaslHandshake whose tokens come bare.
func offerHandshake(resp kmsg.Response) (changed bool) {
	versions, _ := resp.(*kmsg.ApiVersionsResponse)
	for i := range versions.ApiKeys {
		if k := &versions.ApiKeys[i]; k.ApiKey == int16(kmsg.SASLHandshake) && k.MinVersion > 0 {
			k.MinVersion = 0
			changed = true
		}
	}
	return changed
}

func refuseHandshake(_ *kfake.Cluster, req kmsg.Request) kmsg.Response {
	resp := answerTo[*kmsg.SASLHandshakeResponse](req)
	resp.ErrorCode = kerr.IllegalSaslState.Code
	return resp
}

func refuseAuthenticate(_ *kfake.Cluster, req kmsg.Request) kmsg.Response {
	resp := answerTo[*kmsg.SASLAuthenticateResponse](req)
	resp.ErrorCode = kerr.IllegalSaslState.Code
	resp.ErrorMessage = kmsg.StringPtr("SaslAuthenticate request received after successful authentication")
	resp.SASLAuthBytes = []byte{}
	return resp
}
