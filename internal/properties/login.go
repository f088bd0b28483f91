package properties

import (
	"slices"
	"strings"
)

// The login modules of sasl.jaas.config.
const (
	plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule"
	scramModule = "org.apache.kafka.common.security.scram.ScramLoginModule"
	oauthModule = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
	awsModule   = "software.amazon.msk.auth.iam.IAMLoginModule"
	krb5Module  = "com.sun.security.auth.module.Krb5LoginModule"
	jndiModule  = "com.sun.security.auth.module.JndiLoginModule"
	ldapModule  = "com.sun.security.auth.module.LdapLoginModule"
)

// moduleRule is what is known of a login module.
type moduleRule struct {
	mechanisms []string
	options    []string // names; one that ends with _ or . begins the names of others
	why, fix   string   // of a refused module
}

// awsOptions are those of the library of MSK, with either mechanism.
const awsOptions = `awsProfileName awsRoleArn awsRoleSessionName awsRoleExternalId awsStsRegion awsDebugCreds awsMaxRetries
awsMaxBackOffTimeMs`

func loginModules() map[string]moduleRule {
	disallowed := moduleRule{why: "Kafka does not allow this login module", fix: "use one of the other mechanisms of the listener"}
	return map[string]moduleRule{
		plainModule: {mechanisms: []string{Plain}, options: []string{"username", "password", "serviceName"}},
		scramModule: {mechanisms: []string{ScramSHA512, ScramSHA256}, options: []string{"username", "password", "tokenauth"}},
		oauthModule: {mechanisms: []string{OAuthBearer}, options: append(strings.Fields(awsOptions),
			"clientId", "clientSecret", "scope", "extension_", "ssl.", "unsecuredLoginStringClaim_", "unsecuredLoginNumberClaim_",
			"unsecuredLoginListClaim_", "unsecuredLoginExtension_", "unsecuredLoginPrincipalClaimName", "unsecuredLoginScopeClaimName",
			"unsecuredLoginLifetimeSeconds")},
		awsModule:  {mechanisms: []string{AWSMSKIAM, OAuthBearer}, options: strings.Fields(awsOptions)},
		krb5Module: {why: noKerberos, fix: otherMechanisms},
		jndiModule: disallowed,
		ldapModule: disallowed,
	}
}

// login is what sasl.jaas.config says, with its place.
type login struct {
	jaasLogin
	setting setting
}

// at is the character at an index of the value, the last one for its end.
func (l login) at(index int) char { return charAt(l.setting.value, index) }

func charAt(t text, index int) char {
	if len(t) == 0 {
		return char{}
	}
	return t[min(index, len(t)-1)]
}

// login reads sasl.jaas.config, nil for none. For one that is refused, ok is false.
func (b *builder) login() (l *login, ok bool) {
	s, ok := b.present("sasl.jaas.config")
	if !ok {
		return nil, true
	}
	s.value = s.value.trim()
	parsed, fault := parseJAAS(s.value)
	if fault != nil {
		if isCutOff(s.key, s.value.String()) && len(s.value) > 0 {
			fault.fix += "; a value of several lines has a backslash at the end of each but the last"
		}
		b.refuseAt(s, charAt(s.value, fault.at), fault.message, fault.fix)
		return nil, false
	}
	l = &login{parsed, s}
	return l, b.knownModule(l)
}

// knownModule judges the login module and the names of its options.
func (b *builder) knownModule(l *login) bool {
	modules := loginModules()
	name := strings.TrimSpace(l.module)
	rule, ok := modules[name]
	switch {
	case !ok:
		known := []string{plainModule, scramModule, oauthModule, awsModule}
		fix := didYouMean(name, known)
		if fix == "" {
			fix = "kafkactl has " + strings.Join(known, ", ")
		}
		b.refuseAt(l.setting, l.at(l.moduleAt), "begins with a login module that kafkactl does not have", fix)
		return false
	case rule.why != "":
		b.refuseAt(l.setting, l.at(l.moduleAt), rule.why, rule.fix)
		return false
	}
	for _, o := range l.options {
		b.judgeOption(l, o, rule.options)
	}
	return true
}

// judgeOption tells of an option that the module does not read. Its name is not repeated: where quotes
// went wrong it is a part of the password.
func (b *builder) judgeOption(l *login, o jaasOption, known []string) {
	isKnown := slices.ContainsFunc(known, func(name string) bool {
		return o.key == name || strings.HasSuffix(name, "_") && strings.HasPrefix(o.key, name) || name == "ssl." && strings.HasPrefix(o.key, name)
	})
	switch {
	case isKnown && o.hasKey:
	case strings.HasPrefix(o.key, "user_"):
		b.warnAt(l.setting, l.at(o.at), "has an option that makes a user, which only a broker's JAAS configuration does", "give username and password")
	default:
		b.warnAt(l.setting, l.at(o.at), "has an option here that the login module does not read", didYouMean(o.key, known))
	}
}

// text returns an option, "" for none. A nil login has none.
func (l *login) text(key string) string {
	if l == nil {
		return ""
	}
	return l.option(key).value
}

// withPrefix returns the options whose names begin with prefix, by what follows it.
func (l *login) withPrefix(prefix string) map[string]string {
	if l == nil {
		return nil
	}
	var found map[string]string
	for _, o := range l.options {
		if name, ok := strings.CutPrefix(o.key, prefix); ok && name != "" && o.hasKey {
			if found == nil {
				found = make(map[string]string)
			}
			found[name] = o.value
		}
	}
	return found
}
