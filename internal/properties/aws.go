package properties

import (
	"strconv"
	"time"
)

// aws reads the options of the library of MSK. awsDebugCreds only makes Java log who it is.
func (b *builder) aws(l *login) AWS {
	a := AWS{
		RoleARN:         l.text("awsRoleArn"),
		RoleSessionName: l.text("awsRoleSessionName"),
		RoleExternalID:  l.text("awsRoleExternalId"),
		STSRegion:       l.text("awsStsRegion"),
	}
	if l.text("awsProfileName") != "" {
		b.refuse(l.setting, "has awsProfileName, and kafkactl reads no profiles of ~/.aws",
			`take it out, and set the variables of the profile: eval "$(aws configure export-credentials --profile NAME --format env)"`)
	}
	if n, ok := b.count(l, "awsMaxRetries"); ok {
		a.Attempts = n + 1
	}
	if n, ok := b.count(l, "awsMaxBackOffTimeMs"); ok {
		a.MaxBackoff = time.Duration(n) * time.Millisecond
	}
	return a
}

// count returns an option that is a number.
func (b *builder) count(l *login, option string) (int, bool) {
	text := l.text(option)
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1e9 {
		b.refuse(l.setting, "has an "+option+" that is no number", "write digits only")
		return 0, false
	}
	return n, true
}
