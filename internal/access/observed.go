package access

import (
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// Wanted is a binding that the file asks for, and why: "producer of order.created".
type Wanted struct {
	acl.Binding
	Service string
	Reasons []string
}

// Observed is what the brokers answer about access.
type Observed struct {
	// Own is the principal of kafkactl itself, "" when it is not known. Nothing of it is ever removed.
	Own string
	// NoAuthorizer reports that the brokers check nobody (SECURITY_DISABLED); Bindings is empty then.
	NoAuthorizer bool
	// Bindings are all ACLs of the cluster. One that a broker does not show yet, and another does, is not among them.
	Bindings []acl.Binding
	// Late are bindings that some live brokers show and others do not: they are to be added and removed as if they were
	// not there, and as if they were.
	Late []acl.Binding
	// OpenToAll reports that allow.everyone.if.no.acl.found is set on the brokers; its value is hidden.
	OpenToAll bool
	// Users are the SCRAM credentials of the declared users, by name without "User:" and by mechanism.
	Users map[string]map[string]Credential
	// Quotas are those of the declared users, by entity and by key.
	Quotas map[QuotaEntity]map[string]float64
}

// Credential is what is known of a SCRAM credential. The brokers never tell the password.
type Credential struct {
	Iterations int
	Password   PasswordState
	// Reason says why the password is not verified: "the connection does not log in".
	Reason string
}

// PasswordState is what a trial login says of a wanted password.
type PasswordState int

const (
	// NotVerified is of a password that could not be tried.
	NotVerified PasswordState = iota
	// Same is of one that the brokers take.
	Same
	// Other is of one that they refuse.
	Other
)

// QuotaEntity is whom a quota is for (KIP-546): a user without "User:", and a client.id or "" for all of its clients.
type QuotaEntity struct{ User, ClientID string }

// Difference is what Diff finds.
type Difference struct {
	Changes  []topicspec.Change
	Compared topicspec.AccessCompared
}
