package topicspec

// Access is what the file says about users, ACLs and quotas as a whole. A profile varies it key by key.
type Access struct {
	ACLs      string   `yaml:"acls" jsonschema:"enum=off,enum=auto,enum=required" jsonschema_description:"off: users, ACLs and quotas are left alone. auto (also when absent): ACLs are managed where the brokers have an authorizer. required: brokers without an authorizer block the plan."`
	Principal string   `yaml:"principal" jsonschema_description:"Principal of the services that name none: \"User:{service}\", where {service} stands for the name of the service as it is written. none: they have none."`
	Prune     bool     `yaml:"prune" jsonschema_description:"true: ACLs of our principals that the file does not declare are drift for plan --check. They are only removed with --accept revoke=N."`
	Owns      []string `yaml:"owns" jsonschema_description:"Principals whose ACLs belong to this file though no service has them. One that ends in * is every principal that begins so."`
	Protect   []string `yaml:"protect" jsonschema_description:"Principals of which nothing is ever removed. One that ends in * is every principal that begins so."`
}

// Service is a program that produces or consumes. Without a principal it is documentation. A profile varies it key by
// key; lists, grants and the place of a password are replaced as a whole.
type Service struct {
	Description     string   `yaml:"description" jsonschema_description:"What it does."`
	Group           NameList `yaml:"group" jsonschema_description:"Its consumer group: a name, a list, or NAME* for all that begin so. none: it assigns partitions itself."`
	Principal       string   `yaml:"principal" jsonschema_description:"Who it is to the brokers, with the type: User:order-service, or User:CN=order,O=Shop for a certificate. none: it has none, also where access.principal gives one."`
	TransactionalID NameList `yaml:"transactionalId" jsonschema_description:"The transactional.id of its producer: a name, a list, or NAME* for all that begin so."`
	Hosts           []string `yaml:"hosts" jsonschema_description:"IP addresses that it connects from. Absent: any."`
	Grants          []Grant  `yaml:"grants" jsonschema_description:"Rights that do not follow from the topics it produces and consumes."`
	Scram           *Scram   `yaml:"scram" jsonschema_description:"Its SCRAM credential. The password itself is never in this file."`
	Quota           *Quota   `yaml:"quota" jsonschema_description:"Its client quotas. A value is managed, null means no such quota may exist, absent means not ours."`
	Streams         *Streams `yaml:"streams" jsonschema_description:"It is a Kafka Streams application: its application.id, or a mapping."`
	Connect         *Connect `yaml:"connect" jsonschema_description:"It is a worker of Kafka Connect."`
	State           string   `yaml:"state" jsonschema:"enum=absent" jsonschema_description:"absent: its principal shall have no ACLs, SCRAM credential and quotas any more. It has no other field then but principal and description."`
}

// NameList is one name, or a list of them. A name that ends in * is a prefix.
type NameList []string

// Grant is rights on one resource. Just one of its names is set, or Cluster.
type Grant struct {
	Topic           string   `yaml:"topic" jsonschema_description:"The topic, or NAME* for all that begin so."`
	Group           string   `yaml:"group" jsonschema_description:"The consumer group, or NAME* for all that begin so."`
	TransactionalID string   `yaml:"transactionalId" jsonschema_description:"The transactional id, or NAME* for all that begin so."`
	Cluster         bool     `yaml:"cluster" jsonschema_description:"true: the cluster."`
	DelegationToken string   `yaml:"delegationToken" jsonschema_description:"The id of a delegation token, or NAME* for all that begin so."`
	User            string   `yaml:"user" jsonschema_description:"The principal whose delegation tokens are meant, with its type."`
	Allow           []string `yaml:"allow" jsonschema:"enum=all,enum=read,enum=write,enum=create,enum=delete,enum=alter,enum=describe,enum=cluster-action,enum=describe-configs,enum=alter-configs,enum=idempotent-write,enum=create-tokens,enum=describe-tokens,enum=two-phase-commit" jsonschema_description:"What it may do."`
	Deny            []string `yaml:"deny" jsonschema:"enum=all,enum=read,enum=write,enum=create,enum=delete,enum=alter,enum=describe,enum=cluster-action,enum=describe-configs,enum=alter-configs,enum=idempotent-write,enum=create-tokens,enum=describe-tokens,enum=two-phase-commit" jsonschema_description:"What it must not do, whatever else allows it."`
	Hosts           []string `yaml:"hosts" jsonschema_description:"IP addresses. Absent: those of the service."`
}

// Scram is a SCRAM credential, as written.
type Scram struct {
	Password   PasswordSource `yaml:"password" jsonschema_description:"Where the password is: one of env, file and generate. Variables are not replaced here."`
	Mechanisms []string       `yaml:"mechanisms" jsonschema:"enum=SCRAM-SHA-256,enum=SCRAM-SHA-512" jsonschema_description:"Absent: SCRAM-SHA-512."`
	Iterations *int           `yaml:"iterations" jsonschema:"minimum=4096,maximum=16384" jsonschema_description:"Absent: 4096, as Kafka's own tools."`
}

// Quota is client quotas, as written.
type Quota struct {
	Produce             *Setting `yaml:"produce" jsonschema_description:"Bytes a second that it may produce on each broker, as 5MiB (producer_byte_rate)."`
	Consume             *Setting `yaml:"consume" jsonschema_description:"Bytes a second that it may consume on each broker, as 20MiB (consumer_byte_rate)."`
	RequestPercent      *Setting `yaml:"requestPercent" jsonschema_description:"Percent of the time of one request handler or network thread on each broker (request_percentage)."`
	ControllerMutations *Setting `yaml:"controllerMutations" jsonschema_description:"Partitions a second that it may create and delete (controller_mutation_rate)."`
	ClientID            string   `yaml:"clientId" jsonschema_description:"Narrows the quotas to one client.id of the user. Absent: all of them."`
}

// Streams is a Kafka Streams application, as written.
type Streams struct {
	ApplicationID string `yaml:"applicationId" jsonschema_description:"Its application.id: its group, and the start of the names of its own topics."`
	ExactlyOnce   bool   `yaml:"exactlyOnce" jsonschema_description:"true: processing.guarantee is exactly_once_v2."`
	Reset         bool   `yaml:"reset" jsonschema_description:"true: the application's reset tool may delete its group."`
}

// Connect is a worker of Kafka Connect, as written.
type Connect struct {
	Group       string               `yaml:"group" jsonschema_description:"group.id of the worker."`
	Config      string               `yaml:"config" jsonschema_description:"config.storage.topic of the worker."`
	Offsets     string               `yaml:"offsets" jsonschema_description:"offset.storage.topic of the worker."`
	Status      string               `yaml:"status" jsonschema_description:"status.storage.topic of the worker."`
	ExactlyOnce bool                 `yaml:"exactlyOnce" jsonschema_description:"true: exactly.once.source.support is enabled."`
	Connectors  map[string]Connector `yaml:"connectors" jsonschema_description:"Its connectors by name."`
}

// Connector is a sink when it consumes, and a source when it produces.
type Connector struct {
	Consumes      []string `yaml:"consumes" jsonschema_description:"Topics that the sink reads."`
	Produces      []string `yaml:"produces" jsonschema_description:"Topics that the source writes."`
	DLQ           string   `yaml:"dlq" jsonschema_description:"Topic for records that the sink gave up on (errors.deadletterqueue.topic.name)."`
	CreatesTopics bool     `yaml:"createsTopics" jsonschema_description:"true: the source has topic.creation.* settings, and makes its topics itself."`
}

// none says that a service has no group, or no principal.
const none = "none"

// Fields that problems are about.
const (
	fieldApplicationID = "applicationId"
	fieldConnect       = "connect"
	fieldGroup         = "group"
	fieldHosts         = "hosts"
	fieldPassword      = "password"
	fieldPrincipal     = "principal"
	fieldQuota         = "quota"
	fieldScram         = "scram"
	fieldStreams       = "streams"
	fieldTransactional = "transactionalId"
)
