package topicspec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parse is Parse of a document that must be accepted.
func parse(t *testing.T, document string, src Source) *Spec {
	t.Helper()
	src.File = "topics.yaml"
	spec, err := Parse(strings.NewReader(document), src)
	if err != nil {
		t.Fatalf("Parse:\n%v", err)
	}
	return spec
}

// want is a Desired with settings as "key=value"; "key" alone is managed as unset.
func want(name string, partitions, replicationFactor int, settings ...string) Desired {
	d := Desired{Name: name, Partitions: partitions, ReplicationFactor: replicationFactor, Config: Config{}}
	for _, s := range settings {
		key, value, set := strings.Cut(s, "=")
		d.Config[key] = Setting{Value: value, Unset: !set}
	}
	return d
}

// validDocuments are accepted, and are what the JSON Schema must accept as well.
var validDocuments = []struct {
	name, document string
	profile        string
	variables      map[string]string
	want           []Desired
}{
	{
		name:     "a topic alone takes every default, and no count is the broker's business",
		document: "version: 1\ntopics:\n  order.created:\n",
		want:     []Desired{want("order.created", 0, 0)},
	},
	{
		name: "file order is kept, not the alphabet's",
		document: `
version: 1
topics: {b: , c: {}, a: null}
`,
		want: []Desired{want("b", 0, 0), want("c", 0, 0), want("a", 0, 0)},
	},
	{
		name: "a topic overrides the defaults key by key, null a default value",
		document: `
version: 1
defaults:
  partitions: 3
  replicationFactor: 2
  config: {retention.ms: 7d, cleanup.policy: compact, segment.ms: 1h}
topics:
  a: {partitions: 6, config: {retention.ms: null, cleanup.policy: "delete , compact"}}
  b: {replicationFactor: 1}
`,
		want: []Desired{
			want("a", 6, 2, "retention.ms", "cleanup.policy=delete,compact", "segment.ms=3600000"),
			want("b", 3, 1, "retention.ms=604800000", "cleanup.policy=compact", "segment.ms=3600000"),
		},
	},
	{
		name: "empty sections are as good as none",
		document: `
version: 1
defaults:
services:
topics:
  a: {producers: , consumers: , config: }
profiles:
  p:
  q: {defaults: , topics: {a: }}
`,
		want: []Desired{want("a", 0, 0)},
	},
	{
		name: "units become the number a broker answers, -1 stays",
		document: `
version: 1
topics:
  a:
    config:
      retention.ms: 7d
      segment.ms: 7d
      delete.retention.ms: 12h
      flush.ms: 90 s
      segment.jitter.ms: 5m
      file.delete.delay.ms: 250ms
      max.message.bytes: 512MiB
      index.interval.bytes: 4KiB
      segment.index.bytes: 10B
      local.retention.bytes: 2TiB
      retention.bytes: -1
      local.retention.ms: "-1"
`,
		want: []Desired{want("a", 0, 0,
			"retention.ms=604800000", "segment.ms=604800000", "delete.retention.ms=43200000", "flush.ms=90000",
			"segment.jitter.ms=300000", "file.delete.delay.ms=250", "max.message.bytes=536870912",
			"index.interval.bytes=4096", "segment.index.bytes=10", "local.retention.bytes=2199023255552",
			"retention.bytes=-1", "local.retention.ms=-1")},
	},
	{
		name: "any scalar is a setting, in the form a broker answers",
		document: `
version: 1
topics:
  a: {config: {preallocate: TRUE, remote.storage.enable: "False", min.cleanable.dirty.ratio: 1,
               flush.messages: 10000, message.format.version: 3.0, compression.type: zstd}}
`,
		want: []Desired{want("a", 0, 0, "preallocate=true", "remote.storage.enable=false",
			"min.cleanable.dirty.ratio=1.0", "flush.messages=10000", "message.format.version=3.0", "compression.type=zstd")},
	},
	{
		name: "variables",
		document: `
version: 1
defaults: {partitions: "${PARTITIONS}", replicationFactor: "${UNSET:-2}"}
topics:
  a:
    description: ${PARTITIONS} of $$${EMPTY:-nothing}, $5
    producers: ["${SERVICE}"]
    config: {retention.ms: "${DAYS}d", segment.ms: "${EMPTY:-1h}", cleanup.policy: "${UNSET:-}"}
`,
		variables: map[string]string{"PARTITIONS": "12", "EMPTY": "", "DAYS": "3", "SERVICE": "OrderService"},
		want:      []Desired{want("a", 12, 2, "retention.ms=259200000", "segment.ms=3600000", "cleanup.policy=")},
	},
	{
		name: "variables of a profile that was not chosen may be unset",
		document: `
version: 1
defaults: {replicationFactor: 1}
topics: {a: }
profiles:
  production: {defaults: {replicationFactor: "${RF}", config: {min.insync.replicas: 2}}}
`,
		want: []Desired{want("a", 0, 1)},
	},
	{
		name: "those of the chosen one are read",
		document: `
version: 1
topics: {a: }
profiles:
  production: {defaults: {replicationFactor: "${RF}"}}
  other: {topics: {a: {partitions: "${UNSET}"}}}
`,
		profile:   "production",
		variables: map[string]string{"RF": "3"},
		want:      []Desired{want("a", 0, 3)},
	},
	{
		name: "a profile merges over defaults and topics, key by key",
		document: `
version: 1
defaults: {partitions: 3, replicationFactor: 1, config: {retention.ms: 1h, segment.ms: 1h}}
topics:
  plain:
  own: {partitions: 6, config: {retention.ms: 2h}}
  both: {partitions: 6, replicationFactor: 2, config: {retention.ms: 2h, flush.ms: 1s}}
profiles:
  production:
    defaults: {partitions: 12, replicationFactor: 3, config: {retention.ms: 3h, min.insync.replicas: 2}}
    topics:
      both: {partitions: 24, config: {retention.ms: 4h, segment.ms: null}}
`,
		profile: "production",
		want: []Desired{
			want("plain", 12, 3, "retention.ms=10800000", "segment.ms=3600000", "min.insync.replicas=2"),
			want("own", 6, 3, "retention.ms=7200000", "segment.ms=3600000", "min.insync.replicas=2"),
			want("both", 24, 2, "retention.ms=14400000", "segment.ms", "flush.ms=1000", "min.insync.replicas=2"),
		},
	},
	{
		name: "anchors, aliases and merge keys, where the first mapping wins",
		document: `
version: 1
defaults: {config: &config {retention.ms: 1h}}
topics:
  a: &a {partitions: &count 3, config: {<<: *config, segment.ms: 1h}}
  b: *a
  c: &c {<<: *a, partitions: 6}
  d: {<<: [*c, *a], replicationFactor: 1}
  e: {partitions: *count, replicationFactor: 2, <<: {replicationFactor: 9, config: null}}
`,
		want: []Desired{
			want("a", 3, 0, "retention.ms=3600000", "segment.ms=3600000"),
			want("b", 3, 0, "retention.ms=3600000", "segment.ms=3600000"),
			want("c", 6, 0, "retention.ms=3600000", "segment.ms=3600000"),
			want("d", 6, 1, "retention.ms=3600000", "segment.ms=3600000"),
			want("e", 3, 2, "retention.ms=3600000"),
		},
	},
	{
		name: "names that YAML or Go could take for something else",
		document: `
version: 1
services: {OrderService: {group: g, description: d}, "a/b": }
topics:
  config: {partitions: 1, producers: [OrderService, a/b]}
  "7": {partitions: 7}
  "8": {partitions: 8}
  'null': {partitions: 9}
  topics: {config: {retention.ms: 0}}
profiles: {defaults: {topics: {config: {partitions: 2}}}}
`,
		profile: "defaults",
		want:    []Desired{want("config", 2, 0), want("7", 7, 0), want("8", 8, 0), want("null", 9, 0), want("topics", 0, 0, "retention.ms=0")},
	},
	{
		name: "a topic that shall not exist has neither defaults nor a profile",
		document: `
version: 1
defaults: {partitions: 3, replicationFactor: 2, config: {min.insync.replicas: 2}}
topics:
  order.legacy: {state: absent, description: replaced by order.created}
  order.old: {state: "${GONE}"}
  order.created: {description: Order placed}
profiles: {production: {defaults: {replicationFactor: 3}}}
`,
		profile:   "production",
		variables: map[string]string{"GONE": "absent"},
		want: []Desired{
			gone("order.legacy"), gone("order.old"), want("order.created", 3, 3, "min.insync.replicas=2"),
		},
	},
	{
		name: "who may do what, in every form",
		document: `
version: 1
access: {acls: required, principal: "User:{service}", prune: true, owns: ["User:shop-*"], protect: [User:breakglass]}
services:
  Order:
    description: takes orders
    principal: User:order
    group: [order-group, order-audit-*]
    transactionalId: order-tx-*
    hosts: [10.0.0.1, "2001:db8::1"]
    grants:
      - {topic: audit.*, allow: [read, describe-configs]}
      - {cluster: true, deny: [alter], hosts: ["*"]}
      - {user: User:order, allow: [create-tokens]}
    scram: {password: {env: ORDER_PASSWORD}, mechanisms: [SCRAM-SHA-256, SCRAM-SHA-512], iterations: 8192}
    quota: {produce: 5MiB, consume: null, requestPercent: 12.5, controllerMutations: "${MUTATIONS}", clientId: app}
  Enricher: {streams: order-enricher, scram: {password: {generate: secrets/enricher}}}
  Rebuilt: {streams: {applicationId: rebuilt, exactlyOnce: true, reset: "${YES}"}, scram: , quota: , connect: }
  Sinks:
    connect:
      group: w
      config: w-config
      offsets: w-offsets
      status: w-status
      exactlyOnce: false
      connectors: {s3: {consumes: [a], dlq: a.dlq}, cdc: {produces: [db.orders], createsTopics: true}}
  Old: {principal: User:old, state: absent, description: replaced by Order}
  Paper: {principal: none, group: none}
topics:
  a: {producers: [Order], consumers: [Order, Enricher], dlq: a.dlq}
  a.dlq:
profiles:
  production:
    access: {acls: "off", principal: none}
    services: {Rebuilt: {streams: {exactlyOnce: false}, quota: {produce: 1}}, Enricher: {scram: }, Sinks: {connect: {connectors: {s3: {dlq: a}}}}}
`,
		variables: map[string]string{"MUTATIONS": "10", "YES": "true"},
		want:      []Desired{want("a", 0, 0), want("a.dlq", 0, 0)},
	},
	{
		name:     "Windows line ends and a byte order mark",
		document: "\ufeffversion: 1\r\ntopics:\r\n  a: {partitions: 3}\r\n",
		want:     []Desired{want("a", 3, 0)},
	},
}

func TestDesired(t *testing.T) {
	t.Parallel()
	for _, tt := range validDocuments {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			spec := parse(t, tt.document, Source{Lookup: variables(tt.variables), Profile: tt.profile})
			got, err := spec.Desired(tt.profile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("desired (-want +got):\n%s", diff)
			}
		})
	}
}

// A profile read without its variables must not pass for one: its topics would have the counts of
// the defaults.
func TestDesiredOfAnotherProfile(t *testing.T) {
	t.Parallel()
	spec := parse(t, `
version: 1
topics: {a: }
profiles:
  production: {defaults: {replicationFactor: "${RF}"}}
  staging: {}
`, Source{})
	for profile, want := range map[string]string{
		"staging":    "",
		"production": `topics.yaml: profile "production": variable ${RF} is not set (set it, or give a default: ${RF:-value})`,
		"prodution":  `topics.yaml: no profile "prodution" (did you mean "production"?) (profiles: production, staging)`,
	} {
		_, err := spec.Desired(profile)
		if got := errorText(err); got != want {
			t.Errorf("Desired(%q): %s\nwant %s", profile, got, want)
		}
	}
}
