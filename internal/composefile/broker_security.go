package composefile

import (
	"slices"
	"strings"
)

// The settings of a broker that say who may do what.
const (
	authorizerVariable = "KAFKA_AUTHORIZER_CLASS_NAME"
	superUsersVariable = "KAFKA_SUPER_USERS"
	everyoneVariable   = "KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"

	anonymous = "User:ANONYMOUS" // who comes without a certificate and without a login
)

// variableOf returns the variable of which the start scripts of both images make a broker's setting:
// a dot is written _, an underscore __, a dash ___ (KafkaDockerWrapper.getServerConfigsFromEnv, and
// cub's env_to_props).
func variableOf(property string) string {
	return "KAFKA_" + strings.ToUpper(strings.NewReplacer(".", "_", "_", "__", "-", "___").Replace(property))
}

// listenerVariable is the variable of a setting of one listener, which wins over the same setting of
// the broker.
func listenerVariable(listener, property string) string {
	return variableOf("listener.name." + strings.ToLower(listener) + "." + property)
}

// ofListener returns a setting as it holds for a listener, and the variable that makes it, or would.
// absent reports that certainly nothing makes it.
func (b *broker) ofListener(listener, property string) (value setting, variable string, absent bool) {
	for _, name := range []string{listenerVariable(listener, property), variableOf(property)} {
		if value := b.env(name); value.set {
			return value, name, false
		}
	}
	variable = variableOf(property)
	return setting{}, variable, b.lacks(variable) && b.lacks(listenerVariable(listener, property))
}

// authorized reports one of Kafka's own authorizers, which knows super.users and
// allow.everyone.if.no.acl.found. What others make of those settings is not known.
func (b *broker) authorized() bool {
	return slices.Contains(slices.Concat(zookeeperAuthorizers(), []string{kraftAuthorizer}), b.env(authorizerVariable).value)
}

// kraftAuthorizer keeps ACLs in the metadata of KRaft.
const kraftAuthorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"

// zookeeperAuthorizers returns those that keep ACLs in ZooKeeper, the newer one first.
func zookeeperAuthorizers() []string {
	return []string{"kafka.security.authorizer.AclAuthorizer", "kafka.security.auth.SimpleAclAuthorizer"}
}

// superUsers returns super.users; known is false where the files do not say.
func (b *broker) superUsers() (users []string, known bool) {
	list := b.env(superUsersVariable)
	if !list.known() || placeholder(list.value) {
		return nil, b.lacks(superUsersVariable)
	}
	for user := range strings.SplitSeq(list.value, ";") {
		if user = strings.TrimSpace(user); user != "" {
			users = append(users, user)
		}
	}
	return users, true
}

// superUser reports whether a principal certainly is one.
func (b *broker) superUser(principal string) bool {
	users, _ := b.superUsers()
	return slices.Contains(users, principal)
}

// open reports what allow.everyone.if.no.acl.found says: everybody may do everything with what has
// no ACL. known is false where the files do not say.
func (b *broker) open() (open, known bool) {
	value := b.env(everyoneVariable)
	return strings.EqualFold(value.value, "true"), value.known() || b.lacks(everyoneVariable)
}

// encrypted reports a listener that certainly has TLS.
func (b *broker) encrypted(listener string) bool {
	return slices.Contains([]string{"SSL", "SASL_SSL"}, b.protocol(listener))
}

// asksForCertificate reports whether an SSL listener takes no client without one; known is false
// where the files do not say. With "requested" a client may come without, and is ANONYMOUS.
func (b *broker) asksForCertificate(listener string) (required, known bool) {
	value, _, absent := b.ofListener(listener, "ssl.client.auth")
	return strings.EqualFold(value.value, "required"), value.known() || absent
}

// letsIn returns whom a listener takes without a certificate and without a login: [anonymous], or
// "" for nobody, and where it is not known.
func (b *broker) letsIn(listener string) string {
	switch b.protocol(listener) {
	case "PLAINTEXT":
		return anonymous
	case "SSL":
		if required, known := b.asksForCertificate(listener); known && !required {
			return anonymous
		}
	}
	return ""
}
