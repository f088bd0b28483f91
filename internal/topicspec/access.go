package topicspec

import (
	"slices"

	"kafkactl/internal/acl"
)

// ACLs is what access.acls says: what is to be done about ACLs.
type ACLs string

const (
	// ACLsOff leaves users, ACLs and quotas alone.
	ACLsOff ACLs = "off"
	// ACLsAuto manages ACLs where the brokers have an authorizer, and says in a line where they have none.
	ACLsAuto ACLs = "auto"
	// ACLsRequired blocks a plan for brokers without an authorizer.
	ACLsRequired ACLs = "required"
)

// DesiredAccess is who shall be able to do what: access, services and topics, with a profile folded in. It holds no
// secret.
type DesiredAccess struct {
	ACLs ACLs `json:"acls"`
	// Prune has extras of our principals count as drift. It removes nothing.
	Prune bool `json:"prune"`
	// Owns lists principals whose bindings belong to this file though no service has them; one that ends in * is a
	// prefix. Protect lists those of which nothing is ever removed.
	Owns    []string `json:"owns,omitempty"`
	Protect []string `json:"protect,omitempty"`
	// Services are those with a principal, in file order.
	Services []DesiredService `json:"services,omitempty"`
	// Topics lists the declared topics that shall exist, in file order.
	Topics []string `json:"topics,omitempty"`
}

// Managed reports whether there is anything to compare.
func (d DesiredAccess) Managed() bool { return d.ACLs != ACLsOff && len(d.Services)+len(d.Owns) > 0 }

// Has reports whether a principal is that of a service, or one that access.owns lists.
func (d DesiredAccess) Has(principal string) bool {
	return slices.ContainsFunc(d.Services, func(s DesiredService) bool { return s.Principal == principal }) ||
		slices.ContainsFunc(d.Owns, func(name string) bool { return newNamePattern(name).Matches(principal) })
}

// DesiredService is one service with a principal.
type DesiredService struct {
	Name string `json:"name"`
	// Principal is who the service is to the brokers, with its type: "User:order-service".
	Principal string `json:"principal"`
	// Absent declares that the principal shall have no bindings, credential and quota any more. Nothing else is
	// declared of it then.
	Absent bool `json:"absent,omitempty"`
	// Groups are its consumer groups, none for a consumer that assigns partitions itself.
	Groups           []NamePattern `json:"groups,omitempty"`
	TransactionalIDs []NamePattern `json:"transactionalIds,omitempty"`
	// Hosts are IP addresses as brokers write them, or [acl.Any]; never empty.
	Hosts    []string       `json:"hosts,omitempty"`
	Produces []string       `json:"produces,omitempty"` // topics
	Consumes []Consumed     `json:"consumes,omitempty"`
	Grants   []DesiredGrant `json:"grants,omitempty"`
	Scram    *DesiredScram  `json:"scram,omitempty"`
	// Quota has the managed quotas by Kafka's key, as "producer_byte_rate": a canonical number, or Unset.
	Quota map[string]Setting `json:"quota,omitempty"`
	// QuotaClientID narrows the quota to one client.id of the user, "" for all.
	QuotaClientID string          `json:"quotaClientId,omitempty"`
	Streams       *DesiredStreams `json:"streams,omitempty"`
	Connect       *DesiredConnect `json:"connect,omitempty"`
}

// NamePattern is a name, or every name that begins so.
type NamePattern struct {
	Name    string          `json:"name"`
	Pattern acl.PatternType `json:"patternType"`
}

// Consumed is a topic that a service reads, and where it puts what it gives up on ("" for nowhere).
type Consumed struct {
	Topic string `json:"topic"`
	DLQ   string `json:"dlq,omitempty"`
}

// DesiredGrant is bindings that topics do not tell.
type DesiredGrant struct {
	acl.Resource
	Allow []acl.Operation `json:"allow,omitempty"`
	Deny  []acl.Operation `json:"deny,omitempty"`
	Hosts []string        `json:"hosts,omitempty"` // never empty
}

// DesiredScram is a SCRAM credential (KIP-554).
type DesiredScram struct {
	Password PasswordSource `json:"password"`
	// Mechanisms are SCRAM-SHA-256 and SCRAM-SHA-512, or one of them; Iterations is 4,096 to 16,384.
	Mechanisms []string `json:"mechanisms"`
	Iterations int      `json:"iterations"`
}

// PasswordSource is where a password is; just one field is set.
type PasswordSource struct {
	Env string `yaml:"env" json:"env,omitempty" jsonschema_description:"Environment variable that has the password."`
	// File has the password; one newline at its end is not part of it. Generate is such a file, made when it is not there.
	File     string `yaml:"file" json:"file,omitempty" jsonschema_description:"File that has the password. A newline at its end is cut off."`
	Generate string `yaml:"generate" json:"generate,omitempty" jsonschema_description:"File that has the password. When it is not there, apply makes it with a random password, readable by its owner alone."`
}

// DesiredStreams is a Kafka Streams application.
type DesiredStreams struct {
	ApplicationID string `json:"applicationId"`
	ExactlyOnce   bool   `json:"exactlyOnce,omitempty"`
	// Reset allows the application's reset tool to delete its group.
	Reset bool `json:"reset,omitempty"`
}

// DesiredConnect is a worker of Kafka Connect, and its connectors in file order.
type DesiredConnect struct {
	Group       string             `json:"group"`
	Config      string             `json:"config"`
	Offsets     string             `json:"offsets"`
	Status      string             `json:"status"`
	ExactlyOnce bool               `json:"exactlyOnce,omitempty"` // sources
	Connectors  []DesiredConnector `json:"connectors,omitempty"`
}

// DesiredConnector is a sink when it consumes, and a source when it produces.
type DesiredConnector struct {
	Name          string   `json:"name"`
	Consumes      []string `json:"consumes,omitempty"` // topics
	Produces      []string `json:"produces,omitempty"` // topics
	DLQ           string   `json:"dlq,omitempty"`
	CreatesTopics bool     `json:"createsTopics,omitempty"` // topic.creation.* of a source
}
