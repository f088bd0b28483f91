package embedded_test

import (
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func probeHandshakeVersions(c *client) string {
	req := kmsg.NewPtrApiVersionsRequest()
	keys := mustAsk[*kmsg.ApiVersionsResponse](c, 0, req).ApiKeys
	at := slices.IndexFunc(keys, func(k kmsg.ApiVersionsResponseApiKey) bool { return k.ApiKey == int16(kmsg.SASLHandshake) })
	if at < 0 || keys[at].MinVersion != 0 || keys[at].MaxVersion != 1 {
		return fmt.Sprintf("SaslHandshake at %d of %v", at, keys)
	}
	return ""
}

func probeHandshake(c *client) string {
	for version := int16(1); version >= 0; version-- {
		req := kmsg.NewPtrSASLHandshakeRequest()
		req.Mechanism = "PLAIN"
		resp, err := ask[*kmsg.SASLHandshakeResponse](c, version, req)
		if err != nil || resp.ErrorCode != kerr.IllegalSaslState.Code {
			return fmt.Sprintf("v%d: %+v, %v", version, resp, err)
		}
	}
	return ""
}

func probeAuthenticate(c *client) string {
	for version := int16(0); version <= 2; version++ {
		req := kmsg.NewPtrSASLAuthenticateRequest()
		resp := mustAsk[*kmsg.SASLAuthenticateResponse](c, version, req)
		if resp.ErrorCode != kerr.IllegalSaslState.Code || resp.ErrorMessage == nil {
			return fmt.Sprintf("v%d: %+v", version, resp)
		}
	}
	return ""
}
