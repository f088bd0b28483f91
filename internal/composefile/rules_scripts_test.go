package composefile

import "testing"

func TestUncheckedOneShots(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "one after the other", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "a semicolon", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a; /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\"]\n"},
			want: []string{
				"33:23 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "one, and then a message", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        echo done\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "a loop", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        for t in a b; do\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic $$t\n        done\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "joined by && and then a list", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a && /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --list\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "into a pipe", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        set -e\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a | tee /tmp/log\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "set -e too late", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        set -e\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
		{
			name: "exit 0", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        exit 0\n"},
			want: []string{
				"35:9 kafka-init [oneshot-unchecked, advice] kafka-init goes on when a kafka-topics command fails, and ends with the status of the last command: it counts as done when topics are missing",
				"fix: `set -e` before the commands, or && between them",
			},
		},
	})
}

func TestUncheckedSilent(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{name: "one command", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        until /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --list; do sleep 1; done\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n"}},
		{name: "&& between them, over lines", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a &&\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b && \\\n          echo done\n"}},
		{name: "set -e", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        set -euo pipefail\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n        echo done\n"}},
		{name: "-e of the shell", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/bash, -ec]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"}},
		{name: "-o errexit", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/bash, -o, errexit, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"}},
		{name: "|| exit", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a || exit 1\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b || { echo no; exit 1; }\n        echo done\n"}},
		{name: "if, and its status asked", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        if ! /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a; then exit 1; fi\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n        exit $$?\n"}},
		{name: "a loop with || exit", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        for t in a b; do\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic $$t || exit 1\n        done\n"}},
		{name: "a trap", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        trap 'exit 1' ERR\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n"}},
		{name: "words in quotes and comments", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        # /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b\n        echo \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b; x\"\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a\n"}},
		{name: "a pipe with pipefail", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        set -eo pipefail\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a | tee /tmp/log\n"}},
	})
}

func TestBackgroundOneShots(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "nobody waits", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a &\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b &\n"},
			want: []string{
				"35:9 kafka-init [oneshot-background] kafka-init ends while its kafka-topics commands run in the background, and they end with it: topics are missing",
				"fix: the commands without &, and && between them",
			},
		},
		{
			name: "wait for all", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a &\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b &\n        wait\n"},
			want: []string{
				"35:9 kafka-init [oneshot-background, advice] `wait` is 0 whatever the commands in the background came to: kafka-init counts as done when topics are missing",
				"fix: the commands without &, and && between them; or `wait PID` for each",
			},
		},
		{name: "wait for each", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a & p=$$!\n        wait $$p\n"}},
		{name: "2>&1 is no background", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        set -e\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic a >/dev/null 2>&1\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic b &>/dev/null\n"}},
	})
}

func TestEmptiedVariables(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "of the container", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic  $TOPIC\"]\n    environment: {TOPIC: a}\n"},
			want: []string{
				"33:23 kafka-init [compose-variable] Compose fills in $TOPIC before the shell of kafka-init sees it, and has no such variable: it is empty",
				"fix: $$TOPIC",
			},
		},
		{
			name: "of the script", base: kraftStack,
			edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    entrypoint: [/bin/sh, -c]\n    command:\n      - |\n        set -e\n        for t in a b; do\n        /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic ${t}\n        done\n"},
			want: []string{
				"35:9 kafka-init [compose-variable] Compose fills in $t before the shell of kafka-init sees it, and has no such variable: it is empty",
				"fix: $$t",
			},
		},
		{
			name: "of a health check", base: kraftStack,
			edits: []string{"exec 3<>/dev/tcp/127.0.0.1/9092", "exec 3<>/dev/tcp/$HOSTNAME/9092"},
			want: []string{
				"28:35 kafka [compose-variable] Compose fills in $HOSTNAME before the shell of kafka sees it, and has no such variable: it is empty",
				"fix: $$HOSTNAME",
			},
		},
		{name: "two dollars", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic  $$TOPIC\"]\n    environment: {TOPIC: a}\n"}},
		{name: "of Compose", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic  ${TOPIC}\"]\n"}},
		{name: "with a default", base: kraftStack, edits: []string{"    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply, -b, \"kafka:9092\"]\n", "    image: apache/kafka:4.1.1\n    command: [sh, -c, \"/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic  ${TOPIC:-a}\"]\n    environment: {TOPIC: a}\n"}},
	})
}
