package composefile

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// dialled is a broker address that a service is given.
type dialled struct {
	address
	at position
	// named reports that the variable, or the flag, is certainly for brokers. Otherwise only the
	// address says so.
	named bool
}

// bootstraps returns the addresses in the environment and the command of a service that is no
// broker.
func bootstraps(s *service) []dialled {
	var found []dialled
	for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
		if ownAddress(name) {
			continue
		}
		for _, addr := range brokerAddresses(s.env(name).value) {
			found = append(found, dialled{addr, s.atEnv(name), namesBrokers(name)})
		}
	}
	for _, addr := range flagAddresses(s) {
		found = append(found, dialled{addr, s.atScript(), true})
	}
	return found
}

// brokerAddresses returns the HOST:PORT in a text, each once: a list of them, or a longer text that
// holds some. A scheme that no listener has makes it another server's.
func brokerAddresses(text string) []address {
	var found []address
	form := regexp.MustCompile(`(?:^|[^A-Za-z0-9_.\-/:@])(?:([A-Za-z][A-Za-z0-9+_.\-]*)://)?([A-Za-z0-9_.\-]+|\[[0-9a-fA-F:]+\]):(\d{2,5})(?:$|[^0-9A-Za-z:.])`)
	for rest := text; ; {
		m := form.FindStringSubmatchIndex(rest)
		if m == nil {
			return found
		}
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return rest[m[2*i]:m[2*i+1]]
		}
		port, _ := strconv.Atoi(part(3))
		addr := address{strings.Trim(part(2), "[]"), port}
		if !otherScheme(part(1)) && !slices.Contains(found, addr) {
			found = append(found, addr)
		}
		rest = rest[m[7]:] // what ends one address may stand before the next
	}
}

func otherScheme(scheme string) bool {
	return slices.Contains([]string{
		"http", "https", "ws", "wss", "jdbc", "postgres", "postgresql", "mysql", "redis", "amqp", "mqtt", "mongodb", "grpc", "nats", "ldap", "zk",
	}, strings.ToLower(scheme))
}

// namesBrokers reports a variable whose name says that it holds brokers' addresses, as frameworks
// and people write it: KAFKA_BROKER_URL, spring.kafka.bootstrap-servers, Kafka__BootstrapServers.
func namesBrokers(name string) bool {
	flat := flatName(name)
	if strings.Contains(flat, "BOOTSTRAPSERVER") || slices.Contains([]string{"BROKERLIST", "BROKERURL", "KAFKACTLBROKERS"}, flat) {
		return true
	}
	other := containsAny(flat, "CONNECT", "REST", "SCHEMA", "REGISTRY", "KSQL", "ZOOKEEPER", "JMX", "METRIC", "EXPORTER") && !strings.HasSuffix(flat, "BROKERCONNECT")
	return strings.Contains(flat, "KAFKA") && !other && regexp.MustCompile(
		`(BROKER|SERVER|HOST|ENDPOINT|ADDRESSE?|ADDR|URL|URI|NODE|LIST|BROKERCONNECT)S?$`).MatchString(flat)
}

// ownAddress reports a variable that says where the service itself listens, or is found.
func ownAddress(name string) bool {
	return regexp.MustCompile(`LISTEN|ADVERTISE|BIND(ADDRESS|ADDR|HOST|PORT|TO|$)`).MatchString(flatName(name))
}

// flatName is a variable's name without what separates its words, upper case.
func flatName(name string) string {
	return strings.ToUpper(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
}

// flagAddresses returns the broker addresses on the command lines of the tools, each once.
func flagAddresses(s *service) []address {
	if s.tools() == "" && !slices.Contains([]string{"kafkactl", "kcat", "kafkacat", "cp-kcat", "cp-kafkacat"}, s.image.name()) &&
		!containsAny(s.script(), "kafkactl", "kcat ", "kafkacat ") {
		return nil
	}
	words := strings.FieldsFunc(strings.ReplaceAll(s.script(), "=", " "), func(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"`", r) })
	var found []address
	for i := 1; i < len(words); i++ {
		if slices.Contains([]string{"-b", "--brokers", "--bootstrap-server", "--bootstrap-servers", "--broker-list"}, words[i-1]) {
			for _, addr := range parseAddresses(words[i]) {
				if !slices.Contains(found, addr) {
					found = append(found, addr)
				}
			}
		}
	}
	return found
}

// server is a web server of the stack that clients are pointed at by its URL.
type server struct {
	what     string
	variable *regexp.Regexp // of the flat name
	images   []string
}

// servers returns the ones whose variables are known: those of kafka-ui, Console and Confluent's
// images.
func servers() []server {
	return []server{
		{"Schema Registry", regexp.MustCompile(`SCHEMAREGISTRY(CONNECT)?(URLS?|BASEURL)?$`), []string{"cp-schema-registry", "schema-registry", "karapace"}},
		{
			"Kafka Connect", regexp.MustCompile(`KAFKACONNECT[0-9]+ADDRESS$|CONNECTCLUSTERS[0-9]+URL$`),
			[]string{"cp-kafka-connect", "cp-kafka-connect-base", "cp-server-connect", "cp-server-connect-base", "debezium/connect"},
		},
		{"ksqlDB", regexp.MustCompile(`KSQLDBSERVER$`), []string{"ksqldb-server", "cp-ksqldb-server"}},
	}
}

// webAddresses returns the URLs in a value, without those that cannot be read.
func webAddresses(value string) []*url.URL {
	var found []*url.URL
	for part := range strings.SplitSeq(value, ",") {
		if u, err := url.Parse(strings.TrimSpace(part)); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" {
			found = append(found, u)
		}
	}
	return found
}
