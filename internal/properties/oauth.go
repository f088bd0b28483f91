package properties

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	oauthPackage    = "org.apache.kafka.common.security.oauthbearer."
	oauthHandler    = oauthPackage + "OAuthBearerLoginCallbackHandler"
	oldOAuthHandler = oauthPackage + "secured.OAuthBearerLoginCallbackHandler" // until 3.9
	awsTokenHandler = "software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler"
	tokenURLKey     = "sasl.oauthbearer.token.endpoint.url"
)

// oauth returns where the token of OAUTHBEARER comes from.
func (b *builder) oauth(l *login) OAuth {
	o := OAuth{
		Source:          b.tokenSource(l),
		Scope:           cmp.Or(b.text("sasl.oauthbearer.scope"), l.text("scope")),
		Extensions:      b.extensions(l),
		URLEncodeHeader: b.boolean("sasl.oauthbearer.header.urlencode", false),
		ConnectTimeout:  b.milliseconds("sasl.login.connect.timeout.ms"),
		ReadTimeout:     b.milliseconds("sasl.login.read.timeout.ms"),
		RetryBackoff:    b.milliseconds("sasl.login.retry.backoff.ms"),
		MaxRetryBackoff: b.milliseconds("sasl.login.retry.backoff.max.ms"),
	}
	switch o.Source {
	case TokenFromEndpoint:
		o.TokenURL = b.tokenURL()
		b.tokenCredentials(l, &o)
		o.TLS = b.tokenTLS(l)
	case TokenFromFile:
		o.TokenFile = b.tokenFile()
	case TokenUnsecured:
		o.Unsecured = b.unsecured(l)
	case TokenFromAWS: // all that it needs is in AWS
	}
	return o
}

// tokenSource decides which of the sources the file means; "" where it is refused.
func (b *builder) tokenSource(l *login) TokenSource {
	s, hasHandler := b.setting("sasl.login.callback.handler.class")
	method := b.choice(map[string]string{"oidc": "oidc", "default": "default"}, "sasl.oauthbearer.method")
	switch handler := s.value.trim().String(); {
	case b.refusesIdentity():
		return ""
	case handler == awsTokenHandler:
		return TokenFromAWS
	case hasHandler && handler != oauthHandler && handler != oldOAuthHandler:
		b.refuse(s, noHandlers, "have the token written to a file, and give sasl.oauthbearer.token.endpoint.url=file:///PATH")
		return ""
	case hasHandler || method == "oidc":
		return b.retriever()
	case len(l.withPrefix("unsecuredLogin")) > 0:
		at := l.setting
		b.warn(at, "makes a token without a signature, which is for development only", "")
		return TokenUnsecured
	}
	at, _ := b.either("sasl.mechanism", "sasl.mechanisms")
	b.refuse(at, "has no source of tokens: Java would make one without a signature",
		"add sasl.login.callback.handler.class="+oauthHandler+" and "+tokenURLKey)
	return ""
}

// refusesIdentity judges sasl.oauthbearer.metadata.authentication.type, and reports whether it is one that kafkactl has
// no token for. The one of aws_iam is not that of Amazon MSK: STS makes it (GetWebIdentityToken).
func (b *builder) refusesIdentity() bool {
	const key = "sasl.oauthbearer.metadata.authentication.type"
	const write = "have the token written to a file, and give " + tokenURLKey + "=file:///PATH"
	s, _ := b.setting(key)
	switch s.value.trim().String() {
	case "azure_imds":
		b.refuse(s, "kafkactl does not ask Azure for a token", write)
	case "aws_iam":
		b.refuse(s, "kafkactl asks AWS for no token but that of Amazon MSK",
			"for MSK give sasl.login.callback.handler.class="+awsTokenHandler+"; else "+write)
	default:
		b.choice(map[string]string{"none": ""}, key)
		return false
	}
	return true
}

// retriever is the source that sasl.oauthbearer.jwt.retriever.class names; by default the address decides.
func (b *builder) retriever() TokenSource {
	if s, ok := b.setting("sasl.oauthbearer.grant.type"); ok && s.value.trim().String() != "client_credentials" {
		b.refuse(s, "kafkactl has the grant client_credentials only", "use it with client id and secret, or a token in a file")
		return ""
	}
	source := TokenFromEndpoint
	if isFileURL(b.text(tokenURLKey)) {
		source = TokenFromFile
	}
	s, ok := b.setting("sasl.oauthbearer.jwt.retriever.class")
	if !ok {
		return source
	}
	switch strings.TrimPrefix(s.value.trim().String(), oauthPackage) {
	case "DefaultJwtRetriever":
		return source
	case "ClientCredentialsJwtRetriever":
		return TokenFromEndpoint
	case "FileJwtRetriever":
		return TokenFromFile
	case "JwtBearerJwtRetriever":
		b.refuse(s, "kafkactl does not log in with a signed assertion (jwt-bearer)", "use ClientCredentialsJwtRetriever, or a token in a file")
	default:
		b.refuse(s, noHandlers, "have the token written to a file, and give "+tokenURLKey+"=file:///PATH")
	}
	return ""
}

func isFileURL(address string) bool {
	scheme, _, _ := strings.Cut(address, ":")
	return strings.EqualFold(scheme, "file")
}

// endpoint returns the setting of the address of tokens; that it is missing is a problem.
func (b *builder) endpoint() (setting, bool) {
	s, ok := b.setting(tokenURLKey)
	if !ok {
		at, _ := b.either("sasl.mechanism", "sasl.mechanisms")
		b.refuse(at, "has no address of tokens", "add "+tokenURLKey)
	}
	return s, ok
}

// tokenURL returns the address that is asked for tokens. A problem does not repeat it: it can hold a password.
func (b *builder) tokenURL() string {
	s, ok := b.endpoint()
	if !ok {
		return ""
	}
	address, err := url.Parse(s.value.trim().String())
	switch {
	case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
		b.refuse(s, "is no URL that begins with https:// or file:///", "")
		return ""
	case address.User != nil:
		b.refuse(s, "has a user or a password in it, which Java does not send", "give client id and client secret by their keys")
		return ""
	case address.Scheme == "http":
		b.warn(s, "is not encrypted: client secret and token can be read on their way", "use https")
	}
	return address.String()
}

// tokenFile returns the path of a URL of a file.
func (b *builder) tokenFile() string {
	s, ok := b.endpoint()
	if !ok {
		return ""
	}
	address, err := url.Parse(s.value.trim().String())
	if err != nil || !strings.EqualFold(address.Scheme, "file") || address.Host != "" || address.Path == "" {
		b.refuse(s, "is no URL of a file", "write file:///PATH")
		return ""
	}
	return address.Path
}

// tokenCredentials reads client id and secret. Java prefers the keys to the options, which it calls deprecated.
func (b *builder) tokenCredentials(l *login, o *OAuth) {
	o.ClientID = cmp.Or(b.user("sasl.oauthbearer.client.credentials.client.id", "sasl.oauthbearer.client.id"), l.text("clientId"))
	o.ClientSecret = b.secret("sasl.oauthbearer.client.credentials.client.secret", "sasl.oauthbearer.client.secret")
	if !o.ClientSecret.IsSet() && l != nil {
		b.noteBytes(l.setting)
		o.ClientSecret = NewSecret(l.text("clientSecret"))
	}
	at, _ := b.setting(tokenURLKey)
	if o.ClientID == "" {
		b.refuse(at, "wants a client id", "add sasl.oauthbearer.client.credentials.client.id")
	}
	if !o.ClientSecret.IsSet() {
		b.refuse(at, "wants a client secret", "add sasl.oauthbearer.client.credentials.client.secret")
	}
}

// extensions are those of the options of the login, and librdkafka's list.
func (b *builder) extensions(l *login) map[string]string {
	found := l.withPrefix("extension_")
	for name, value := range l.withPrefix("unsecuredLoginExtension_") {
		found = with(found, name, value)
	}
	items, s, ok := b.list("sasl.oauthbearer.extensions")
	for _, item := range items {
		name, value, isPair := strings.Cut(item, "=")
		if !isPair {
			b.refuse(s, "is no list of NAME=VALUE", "separate the pairs with commas")
			return found
		}
		found = with(found, name, value)
	}
	at := s
	if !ok && l != nil {
		at = l.setting
	}
	form := regexp.MustCompile(`^[A-Za-z]+$`)
	values := regexp.MustCompile(`^[\x21-\x7E \t\r\n]+$`)
	for name, value := range found {
		if !form.MatchString(name) || name == "auth" || !values.MatchString(value) {
			b.refuse(at, "has an extension that SASL does not allow", "its name has letters only and is not auth, and its value has signs of ASCII")
			return nil
		}
	}
	return found
}

func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = make(map[string]string)
	}
	m[key] = value
	return m
}

// unsecured are the claims of a token without a signature, as Java's options make them.
func (b *builder) unsecured(l *login) Unsecured {
	u := Unsecured{
		PrincipalClaim: cmp.Or(l.text("unsecuredLoginPrincipalClaimName"), "sub"),
		ScopeClaim:     cmp.Or(l.text("unsecuredLoginScopeClaimName"), "scope"),
		Lifetime:       time.Hour,
		Strings:        l.withPrefix("unsecuredLoginStringClaim_"),
	}
	if text := l.text("unsecuredLoginLifetimeSeconds"); text != "" {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || !(seconds > 0 && seconds < 1e9) {
			b.refuse(l.setting, "has an unsecuredLoginLifetimeSeconds that is no number of seconds", "")
		}
		u.Lifetime = time.Duration(seconds * float64(time.Second))
	}
	for name, text := range l.withPrefix("unsecuredLoginNumberClaim_") {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			b.refuse(l.setting, "has an unsecuredLoginNumberClaim_ that is no number", "")
		}
		if u.Numbers == nil {
			u.Numbers = make(map[string]float64)
		}
		u.Numbers[name] = number
	}
	for name, text := range l.withPrefix("unsecuredLoginListClaim_") {
		if u.Lists == nil {
			u.Lists = make(map[string][]string)
		}
		u.Lists[name] = claimList(text)
	}
	if u.Strings[u.PrincipalClaim] == "" {
		b.refuse(l.setting, "names no user for the token", `add unsecuredLoginStringClaim_sub="USER"`)
	}
	return u
}

// claimList splits a list at its own first character, as Java does: " a b" and ",a,b" are the same.
func claimList(text string) []string {
	if len(text) <= 1 {
		return nil
	}
	runes := []rune(text)
	items := strings.Split(string(runes[1:]), string(runes[0]))
	return slices.DeleteFunc(items, func(item string) bool { return item == "" })
}
