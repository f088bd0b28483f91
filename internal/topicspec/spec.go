package topicspec

// Version is the only value of the file's version field this package reads.
const Version = 1

// Spec is topics.yaml as written: variables replaced, nothing else folded in. The tags are the
// single source of the field names: the strict decoder and the JSON Schema both read them.
type Spec struct {
	Version  int                `yaml:"version" jsonschema:"required,enum=1" jsonschema_description:"Format of this file."`
	Defaults Defaults           `yaml:"defaults" jsonschema_description:"What a topic has unless it says otherwise."`
	Policy   Access             `yaml:"access" jsonschema_description:"What is done about users, ACLs and quotas. They follow from the services that have a principal."`
	Services map[string]Service `yaml:"services" jsonschema_description:"Who produces and consumes. When present, producers and consumers must name one of these."`
	Topics   map[string]Topic   `yaml:"topics" jsonschema:"required" jsonschema_description:"The topics by name."`
	Profiles map[string]Profile `yaml:"profiles" jsonschema_description:"Named variations, chosen with --profile and merged over defaults, access, services and topics key by key."`

	file      string
	positions map[string]Pos   // by path, see path.String
	unset     map[string]error // profiles that were not chosen and lack a variable
	warnings  []Warning        // in file order
}

// Defaults apply to every topic that does not set the field itself.
type Defaults struct {
	Partitions        *int   `yaml:"partitions" jsonschema:"minimum=1,maximum=2147483647" jsonschema_description:"Number of partitions. Absent: the broker's num.partitions decides at creation and the count is left alone afterwards."`
	ReplicationFactor *int   `yaml:"replicationFactor" jsonschema:"minimum=1,maximum=32767" jsonschema_description:"Copies of every partition. Absent: the broker's default.replication.factor decides at creation and the factor is left alone afterwards."`
	Config            Config `yaml:"config" jsonschema_description:"Topic settings. A value is managed, null means no override may exist, absent means not ours."`
}

// Topic is one entry under topics, before defaults: a nil count is not declared.
type Topic struct {
	Description       string   `yaml:"description" jsonschema_description:"What one record of the topic says."`
	Producers         []string `yaml:"producers" jsonschema_description:"Services that write to it."`
	Consumers         []string `yaml:"consumers" jsonschema_description:"Services that read from it."`
	Partitions        *int     `yaml:"partitions" jsonschema:"minimum=1,maximum=2147483647" jsonschema_description:"Number of partitions; overrides the default."`
	ReplicationFactor *int     `yaml:"replicationFactor" jsonschema:"minimum=1,maximum=32767" jsonschema_description:"Copies of every partition; overrides the default."`
	DLQ               string   `yaml:"dlq" jsonschema_description:"Topic for records that a consumer gave up on. It must be declared, too."`
	Config            Config   `yaml:"config" jsonschema_description:"Topic settings; override the defaults key by key."`
	// State is "" for a topic that shall exist.
	State string `yaml:"state" jsonschema:"enum=absent" jsonschema_description:"absent: the topic shall not exist. It has no other field then but a description."`
}

// Profile varies the spec for one environment. Its topics and services must be declared without it as well: a
// profile changes them, it does not add any.
type Profile struct {
	Defaults Defaults            `yaml:"defaults" jsonschema_description:"Merged over defaults."`
	Access   Access              `yaml:"access" jsonschema_description:"Merged over access."`
	Services map[string]Service  `yaml:"services" jsonschema_description:"Merged over the services of the same name."`
	Topics   map[string]Override `yaml:"topics" jsonschema_description:"Merged over the topics of the same name."`
}

// Override is what a profile may vary of one topic.
type Override struct {
	Partitions        *int   `yaml:"partitions" jsonschema:"minimum=1,maximum=2147483647" jsonschema_description:"Number of partitions."`
	ReplicationFactor *int   `yaml:"replicationFactor" jsonschema:"minimum=1,maximum=32767" jsonschema_description:"Copies of every partition."`
	Config            Config `yaml:"config" jsonschema_description:"Topic settings, key by key."`
}

// Config maps topic setting names, as Kafka spells them, to declared values. A name that is absent
// is not managed.
type Config map[string]Setting

// Setting is one declared value. In a [Spec] Value is the text of the file; in a [Desired] it is
// the form a broker answers ("7d" has become "604800000").
type Setting struct {
	Value string
	// Unset declares that the topic must not override the broker's default (null in the file);
	// Value is then empty.
	Unset bool
}
