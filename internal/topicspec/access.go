package topicspec

import "kafkactl/internal/acl"

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
	ACLs ACLs
	// Prune has extras of our principals count as drift. It removes nothing.
	Prune bool
	// Owns lists principals whose bindings belong to this file though no service has them; one that ends in * is a
	// prefix. Protect lists those of which nothing is ever removed.
	Owns, Protect []string
	// Services are those with a principal, in file order.
	Services []DesiredService
	// Topics lists the declared topics that shall exist, in file order.
	Topics []string
}

// Managed reports whether there is anything to compare.
func (d DesiredAccess) Managed() bool { return d.ACLs != ACLsOff && len(d.Services)+len(d.Owns) > 0 }

// DesiredService is one service with a principal.
type DesiredService struct {
	Name string
	// Principal is who the service is to the brokers, with its type: "User:order-service".
	Principal string
	// Absent declares that the principal shall have no bindings, credential and quota any more. Nothing else is
	// declared of it then.
	Absent bool
	// Groups are its consumer groups, none for a consumer that assigns partitions itself.
	Groups           []NamePattern
	TransactionalIDs []NamePattern
	// Hosts are IP addresses, or [acl.Any]; never empty.
	Hosts    []string
	Produces []string // topics
	Consumes []Consumed
	Grants   []DesiredGrant
	Scram    *DesiredScram
	// Quota has the managed quotas by Kafka's key, as "producer_byte_rate": a canonical number, or Unset.
	Quota map[string]Setting
	// QuotaClientID narrows the quota to one client.id of the user, "" for all.
	QuotaClientID string
	Streams       *DesiredStreams
	Connect       *DesiredConnect
}

// NamePattern is a name, or every name that begins so.
type NamePattern struct {
	Name    string
	Pattern acl.PatternType
}

// Consumed is a topic that a service reads, and where it puts what it gives up on ("" for nowhere).
type Consumed struct{ Topic, DLQ string }

// DesiredGrant is bindings that topics do not tell.
type DesiredGrant struct {
	acl.Resource
	Allow, Deny []acl.Operation
	Hosts       []string // never empty
}

// DesiredScram is a SCRAM credential (KIP-554).
type DesiredScram struct {
	Password PasswordSource
	// Mechanisms are SCRAM-SHA-256 and SCRAM-SHA-512, or one of them; Iterations is 4,096 to 16,384.
	Mechanisms []string
	Iterations int
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
	ApplicationID string
	ExactlyOnce   bool
	// Reset allows the application's reset tool to delete its group.
	Reset bool
}

// DesiredConnect is a worker of Kafka Connect, and its connectors in file order.
type DesiredConnect struct {
	Group, Config, Offsets, Status string
	ExactlyOnce                    bool // sources
	Connectors                     []DesiredConnector
}

// DesiredConnector is a sink when it consumes, and a source when it produces.
type DesiredConnector struct {
	Name               string
	Consumes, Produces []string // topics
	DLQ                string
	CreatesTopics      bool // topic.creation.* of a source
}
