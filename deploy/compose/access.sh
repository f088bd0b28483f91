#!/bin/bash
# Run by the service "access" of the secure stacks, in the broker's image, at every "up": makes the users and what they
# may do, and leaves what they need to log in. Doing it again changes nothing, but for a password that is another now.
#
# This is what topics.yaml is going to declare: users, passwords and rights beside the topics. Until then it is here, with
# Kafka's own tools. The rights of a service of yours are made in the same way; see docs/guide/stack.md.
set -euo pipefail
umask 077

PATH=$PATH:/opt/kafka/bin # of apache/kafka, whose tools end in .sh
host_brokers=localhost:29092,localhost:29093,localhost:29094 # as the host's clients know them
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tool() {
	local name=$1
	shift
	command -v "$name" >/dev/null || name=$name.sh
	"$name" --bootstrap-server "$BROKERS" --command-config /certs/admin.properties "$@"
}

# The password of a user, of characters that mean nothing special in a .properties file, in JAAS and to Spring.
password() {
	local text
	text=$(<"/run/secrets/$1")
	if [[ ! $text =~ ^[A-Za-z0-9._~-]{8,}$ ]]; then
		echo "the password in the file of $1 must be 8 or more letters, digits, - _ . ~ on one line" >&2
		return 1
	fi
	printf %s "$text"
}

# A file, and not an argument: every process of a container shows its arguments.
make_user() {
	local text
	text=$(password "$1")
	printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "$text" >"$work/$1"
	tool kafka-configs --alter --entity-type users --entity-name "$1" --add-config-file "$work/$1"
}

allow() {
	local user=$1
	shift
	tool kafka-acls --add --allow-principal "User:$user" "$@" >"$work/allowed-$user" || {
		cat "$work/allowed-$user" >&2
		return 1
	}
}

# app: what a developer needs on the declared topics, and groups named app-….
make_app() {
	local topics=() name
	tool kafka-topics --list --exclude-internal >"$work/topics"
	while IFS= read -r name; do
		[[ $name =~ ^[A-Za-z0-9._-]+$ ]] && topics+=(--topic "$name")
	done <"$work/topics"
	make_user app
	allow app --operation Read --operation Write --operation DescribeConfigs "${topics[@]}"
	allow app --operation Read --group app- --resource-pattern-type prefixed
}

# kafka-ui: sees everything, and changes nothing.
make_kafka_ui() {
	make_user kafka-ui
	allow kafka-ui --operation Describe --cluster --topic '*' --group '*'
	allow kafka-ui --operation DescribeConfigs --cluster --topic '*'
	allow kafka-ui --operation Read --topic '*'
}

# What the container of Kafka UI reads: nobody else has this volume, and Kafka UI has a user of its own.
leave_for_kafka_ui() {
	local name text
	mkdir -p /kafka-ui/passwords
	for name in kafka-ui kafka-ui-login; do
		text=$(password "$name")
		printf %s "$text" >"/kafka-ui/passwords/$name"
	done
	cat /certs/ca.crt >/kafka-ui/ca.crt
	chmod -R a+rX /kafka-ui
}

# What clients on the host read, for whoever owns the directory. The CA is in app.properties itself, so that the file can
# be copied elsewhere; ca.crt is for clients that are not Java's or kafkactl.
leave_for_host() {
	local text
	text=$(password app)
	cat /certs/ca.crt >"$work/ca.crt"
	{
		echo "# Made by deploy/compose/access.sh, for kafkactl --config, and for --command-config of Kafka's tools."
		echo "bootstrap.servers=$host_brokers"
		echo "security.protocol=SASL_SSL"
		echo "sasl.mechanism=SCRAM-SHA-512"
		printf 'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="%s";\n' "$text"
		echo "ssl.truststore.type=PEM"
		printf 'ssl.truststore.certificates='
		while IFS= read -r line; do
			printf '%s\\n\\\n' "$line"
		done <"$work/ca.crt"
		echo
	} >"$work/app.properties"
	chown "$(stat -c %u:%g /host)" "$work/app.properties" "$work/ca.crt"
	chmod 644 "$work/ca.crt"
	mv -f "$work/app.properties" "$work/ca.crt" /host/
}

for name in app kafka-ui kafka-ui-login; do
	password "$name" >/dev/null
done
make_app & # each call of a tool starts a JVM
app=$!
make_kafka_ui
wait "$app"
leave_for_kafka_ui
leave_for_host
echo "users app and kafka-ui, and their rights, are there"
