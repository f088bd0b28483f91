package composefile

import "testing"

func TestLostWords(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "a text for sh -c", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n"},
			want: []string{
				"34:5 kafka-init [script-lost] sh runs /opt/kafka/bin/kafka-topics.sh alone, which without arguments prints its help and exits 1: `sh -c` takes one word, and Compose makes 7 of the text",
				`fix: command: ["/opt/kafka/bin/kafka-topics.sh …"]`,
			},
		},
		{
			name: "&& without a shell", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a && /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"},
			want: []string{
				"33:5 kafka-init [script-lost] no shell reads the command of kafka-init: Compose stops at && and drops what follows",
				`fix: command: [sh, -c, "the whole script"]`,
			},
		},
		{
			name: "&& in a list", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [/opt/kafka/bin/kafka-topics.sh, --create, --topic, a, \"&&\", /opt/kafka/bin/kafka-topics.sh, --list]\n"},
			want: []string{
				"33:15 kafka-init [script-lost] no shell reads the command of kafka-init: && is an argument of kafka-topics, and what follows does not run",
				`fix: command: [sh, -c, "the whole script"]`,
			},
		},
		{name: "a sign in quotes", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: bash -ec '/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a && /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b'\n"}},
		{name: "one quoted text", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command: \"\\\"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\\\"\"\n"}},
		{name: "arguments of a script", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, 'exec \"$$@\"', --, /opt/kafka/bin/kafka-topics.sh, --list]\n"}},
		{name: "options behind -c", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: bash -c -a \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\"\n"}},
		{
			name: "&& behind a word that is no tool", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [bash, -c]\n    command: >\n      sleep 10 &&\n      kafka-topics --bootstrap-server kafka:9092 --create --topic a\n"},
			want: []string{
				"34:5 kafka-init [script-lost] bash runs sleep alone: `bash -c` takes one word, and Compose stops at && and drops what follows",
				"fix: command: [\"sleep …\"]",
			},
		},
		{
			name: "a loop", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: /bin/sh -c\n    command: |\n      while true; do\n        kafka-topics --list\n      done\n"},
			want: []string{
				"34:5 kafka-init [script-lost] sh runs while alone: `sh -c` takes one word, and Compose stops at ; and drops what follows",
				"fix: command:\n  - |\n    while …",
			},
		},
		{
			name: "lines without a sign", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [/bin/bash, -c]\n    command: |\n      kafka-topics --create --topic a\n      kafka-topics --create --topic b\n"},
			want: []string{
				"34:5 kafka-init [script-lost] bash runs kafka-topics alone, which without arguments prints its help and exits 1: `bash -c` takes one word, and Compose makes 8 of the text",
				"fix: command:\n  - |\n    kafka-topics …",
			},
		},
	})
}

func TestLostWordsOfLists(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "all in the command", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    command: bash -c kafka-topics --create --topic a\n"},
			want: []string{
				"33:5 kafka-init [script-lost] bash runs kafka-topics alone, which without arguments prints its help and exits 1: `bash -c` takes one word, and Compose makes 4 of the text",
				"fix: command: [bash, -c, \"kafka-topics …\"]",
			},
		},
		{
			name: "a list of words", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: [kafka-topics, --create, --topic, a]\n"},
			want: []string{
				"34:15 kafka-init [script-lost] sh runs kafka-topics alone, which without arguments prints its help and exits 1: `sh -c` takes one word, and the list has 4",
				"fix: command: [\"kafka-topics …\"]",
			},
		},
		{
			name: "a list of lines", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command:\n      - kafka-topics --create --topic a\n      - kafka-topics --create --topic b\n"},
			want: []string{
				"35:9 kafka-init [script-lost] sh runs the first item of kafka-init alone: `sh -c` takes one word, and the list has 2",
				"fix: command:\n  - |\n    set -e\n    each item as a line",
			},
		},
		{
			name: "quotes in the quotes", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: |\n      \"\n      echo \"two words\"\n      kafka-topics --create --topic a\n      \"\n"},
			want: []string{
				"34:5 kafka-init [script-lost] the script of kafka-init ends at a quote in it: `sh -c` takes one word, and Compose makes 2 of the text",
				"fix: command:\n  - |\n    the script, without the quotes around it",
			},
		},
		{
			name: "behind the quotes", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    command: bash -c \"sleep 10\" && kafka-topics --list\n"},
			want: []string{
				"33:5 kafka-init [script-lost] bash runs the first word of the command of kafka-init alone: `bash -c` takes one word, and Compose stops at && and drops what follows",
				"fix: command: [bash, -c, \"sleep …\"]",
			},
		},
		{
			name: "the words of command behind a script in the entrypoint", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c, kafka-topics]\n    command: --list\n"},
			want: []string{
				"34:5 kafka-init [script-lost] sh runs kafka-topics alone, which without arguments prints its help and exits 1: `sh -c` takes one word, and the words of command are no part of it",
				"fix: entrypoint: [sh, -c, \"kafka-topics …\"]",
			},
		},
		{
			name: "a password before the program", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: PASSWORD=Qx7vKp2wZt9 kafka-topics --list\n"},
			want: []string{
				"34:5 kafka-init [script-lost] sh runs PASSWORD=… alone: `sh -c` takes one word, and Compose makes 3 of the text",
				"fix: command: [\"PASSWORD=… …\"]",
			},
		},
		{
			name: "no tool of Kafka", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: python make_topics.py\n"},
			want: []string{
				"34:5 kafka-init [script-lost] sh runs python alone: `sh -c` takes one word, and Compose makes 2 of the text",
				"fix: command: [\"python …\"]",
			},
		},
		{name: "one word", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [bash, -c]\n    command: /create.sh\n"}},
		{name: "one item", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [bash, -c]\n    command: [\"kafka-topics --bootstrap-server kafka:9092 --list\"]\n"}},
		{name: "quotes that end with the text", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: |\n      \"\n      echo 'two words' && kafka-topics --bootstrap-server kafka:9092 --list\n      \"\n"}},
		{name: "quotes in the quotes, escaped", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [sh, -c]\n    command: >\n      \"echo \\\"two words\\\" && kafka-topics --bootstrap-server kafka:9092 --list\"\n"}},
		{name: "a name and arguments that the script asks for", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    entrypoint: [bash, -c]\n    command: [\"kafka-topics --bootstrap-server kafka:9092 --list --topic \\\"$$1\\\"\", bash, \"a b\"]\n"}},
		{name: "a name for the shell", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    command: [bash, -c, \"kafka-topics --bootstrap-server kafka:9092 --list\", bash]\n"}},
		{name: "a redirection", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    command: bash -c \"kafka-topics --bootstrap-server kafka:9092 --list\" > /dev/null 2>&1\n"}},
		{name: "a sign at the end", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: confluentinc/cp-kafka:8.0.0\n    command: bash -c \"kafka-topics --bootstrap-server kafka:9092 --list\";\n"}},
	})
}
