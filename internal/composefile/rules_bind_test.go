package composefile

import "testing"

func TestListenerBinds(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "the loopback address, published", base: kraftStack,
			edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://localhost:29092,CONTROLLER://:9093"},
			want: []string{
				"12:7 kafka [listener-bind] PLAINTEXT_HOST://localhost:29092 listens only inside the container of kafka: no port leads to it, and no other container reaches it",
				"fix: KAFKA_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "the loopback address, advertised by name", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://127.0.0.1:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093"},
			want: []string{
				"12:7 kafka [listener-bind] PLAINTEXT://127.0.0.1:9092 listens only inside the container of kafka: no port leads to it, and no other container reaches it",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "the loopback address of a controller that is called by name", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://localhost:9093"},
			want: []string{
				"12:7 kafka [listener-bind] CONTROLLER://localhost:9093 listens only inside the container of kafka: no port leads to it, and no other container reaches it",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "another container", base: quorumStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,HOST://:29093", "KAFKA_LISTENERS: PLAINTEXT://kafka-1:9092,HOST://:29093"},
			want: []string{
				"28:7 kafka-2 [listener-bind] PLAINTEXT://kafka-1:9092 is no address of the container of kafka-2, and cannot be bound: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,HOST://:29093,CONTROLLER://:9093",
			},
		},
		{
			name: "a name of nobody", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://my-laptop:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093"},
			want: []string{
				"12:7 kafka [listener-bind] PLAINTEXT://my-laptop:9092 is no address of the container of kafka, and cannot be bound: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "the address of the machine", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://192.168.1.10:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093"},
			want: []string{
				"12:7 kafka [listener-bind] PLAINTEXT://192.168.1.10:9092 is no address of the container of kafka, and cannot be bound: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
		{
			name: "another address than its own", base: kraftStack,
			edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://10.5.0.3:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "    ports:\n      - \"127.0.0.1:29092", "    networks: {default: {ipv4_address: 10.5.0.2}}\n    ports:\n      - \"127.0.0.1:29092", "\nvolumes:\n", "\nnetworks:\n  default: {ipam: {config: [{subnet: 10.5.0.0/16}]}}\n\nvolumes:\n"},
			want: []string{
				"12:7 kafka [listener-bind] PLAINTEXT://10.5.0.3:9092 is no address of the container of kafka, and cannot be bound: the broker does not start",
				"fix: KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093",
			},
		},
	})
}

func TestListenerBindsSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "its own names", base: kraftStack, edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://kafka:9092,PLAINTEXT_HOST://broker:29092,CONTROLLER://broker:9093", "image: apache/kafka:4.1.1", "image: apache/kafka:4.1.1\n    hostname: broker"}},
		{name: "every address", base: kraftStack, edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://0.0.0.0:9092,PLAINTEXT_HOST://[::]:29092,CONTROLLER://:9093"}},
		{name: "its own address", base: kraftStack, edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://10.5.0.2:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "    ports:\n      - \"127.0.0.1:29092", "    networks: {default: {ipv4_address: 10.5.0.2}}\n    ports:\n      - \"127.0.0.1:29092", "\nvolumes:\n", "\nnetworks:\n  default: {ipam: {config: [{subnet: 10.5.0.0/16}]}}\n\nvolumes:\n"}},
		{name: "an address of its network", base: kraftStack, edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://10.5.0.2:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "\nvolumes:\n", "\nnetworks:\n  default: {ipam: {config: [{subnet: 10.5.0.0/16}]}}\n\nvolumes:\n"}},
		{name: "an address of Docker's pool", base: kraftStack, edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://172.18.0.2:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093"}},
		{name: "a host of the DNS", base: kraftStack, edits: []string{"/dev/tcp/127.0.0.1/9092", "/dev/tcp/kafka/9092", "KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://kafka.example.com:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093"}},
		{name: "the brokers' and the controller's own, of one node", base: kraftStack, edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://localhost:9092,PLAINTEXT_HOST://:29092,CONTROLLER://localhost:9093", "ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092", "ADVERTISED_LISTENERS: PLAINTEXT://localhost:9092", "1@kafka:9093", "1@localhost:9093", `-b, "kafka:9092"`, `-b, "${KAFKA}"`, "BOOTSTRAPSERVERS=kafka:9092", "BOOTSTRAPSERVERS=${KAFKA}"}},
		{name: "on the machine's network", base: kraftStack, edits: []string{"KAFKA_LISTENERS: PLAINTEXT://:9092,PLAINTEXT_HOST://:29092,CONTROLLER://:9093", "KAFKA_LISTENERS: PLAINTEXT://localhost:9092,PLAINTEXT_HOST://my-laptop:29092,CONTROLLER://:9093", "    ports:\n      - \"127.0.0.1:29092:29092\"\n", "    network_mode: host\n"}},
	})
}
