package composefile

import "testing"

func TestOneShots(t *testing.T) {
	t.Parallel()
	const adoption = "    depends_on:\n      kafka-init: {condition: service_completed_successfully}\n"
	const shell = "    entrypoint: [bash, -c]\n    command:\n      - |\n        "
	const create = "kafka-topics --bootstrap-server kafka:9092 --create --if-not-exists --topic a"
	const tools = "    image: confluentinc/cp-kafka:7.9.2\n"
	const image = "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n"
	runFaults(t, []fault{
		{
			name: "nobody adopts it", base: zooStack, edits: []string{adoption, ""},
			want: []string{
				"48:3 kafka-init [oneshot-unadopted, advice] `docker compose up --wait` exits 1 once kafka-init has ended, even with 0: nothing that starts with it waits for its completion",
				"fix: depends_on: {kafka-init: {condition: service_completed_successfully}} in kafka-ui",
			},
		},
		{
			name: "who adopts it is behind a profile", base: zooStack, edits: []string{adoption, adoption + "    profiles: [ui]\n"},
			want: []string{
				"48:3 kafka-init [oneshot-unadopted, advice] `docker compose up --wait` exits 1 once kafka-init has ended, even with 0: nothing that starts with it waits for its completion",
				"fix: depends_on: {kafka-init: {condition: service_completed_successfully}} in a service that stays, kafka-ui say",
			},
		},
		{
			name: "waited for as a service that starts", base: zooStack,
			edits: []string{"service_completed_successfully", "service_started"},
			want: []string{
				"48:3 kafka-init [oneshot-unadopted, advice] `docker compose up --wait` exits 1 once kafka-init has ended, even with 0: nothing that starts with it waits for its completion",
				"fix: depends_on: {kafka-init: {condition: service_completed_successfully}} in kafka-ui",
			},
		},
		{
			name: "called an init", base: zooStack,
			edits: []string{"\nvolumes:\n  zoo", "  db-migrate:\n    image: app\n    command: [migrate]\n\nvolumes:\n  zoo"},
			want: []string{
				"73:3 db-migrate [oneshot-unadopted, advice] `docker compose up --wait` exits 1 once db-migrate has ended, even with 0: nothing that starts with it waits for its completion",
				"fix: depends_on: {db-migrate: {condition: service_completed_successfully}} in kafka-ui",
			},
		},
		{
			name: "its errors are thrown away", base: zooStack,
			edits: []string{image, tools + shell + create + " || true\n"},
			want: []string{
				"52:9 kafka-init [oneshot-silenced, advice] kafka-init throws the errors of its topic commands away: it counts as done when topics are missing",
				"fix: the command without `|| true`; --if-not-exists, or kafkactl apply, may run twice",
			},
		},
		{
			name: "it is all in the entrypoint", base: zooStack,
			edits: []string{image, tools + "    entrypoint: [bash, -c, \"" + create + " || true\"]\n"},
			want: []string{
				"50:28 kafka-init [oneshot-silenced, advice] kafka-init throws the errors of its topic commands away: it counts as done when topics are missing",
				"fix: the command without `|| true`; --if-not-exists, or kafkactl apply, may run twice",
			},
		},
		{
			name: "it sleeps after its work, always", base: zooStack,
			edits: []string{image, tools + shell + create + "\n        tail -f /dev/null\n", `restart: "no"`, "restart: always"},
			want: []string{
				"52:9 kafka-init [oneshot-silenced, advice] kafka-init stays after its work: nothing can wait for its completion, nor see that it failed",
				`fix: the command without the sleep, restart: "no", and service_completed_successfully where it is waited for`,
			},
		},
		{
			name: "it sleeps after its work", base: zooStack,
			edits: []string{image, tools + shell + create + "\n        sleep infinity\n"},
			want: []string{
				"52:9 kafka-init [oneshot-silenced, advice] kafka-init stays after its work: nothing can wait for its completion, nor see that it failed",
				`fix: the command without the sleep, restart: "no", and service_completed_successfully where it is waited for`,
			},
		},
	})
}

func TestRestartedOneShots(t *testing.T) {
	t.Parallel()
	runFaults(t, []fault{
		{
			name: "started again for ever", base: zooStack, edits: []string{`restart: "no"`, "restart: always"},
			want: []string{
				"59:5 kafka-init [oneshot-restart] restart: always starts kafka-init again each time it has ended, for ever",
				`fix: restart: "no"`,
			},
		},
		{
			name: "started again for ever, and nobody waits", base: kraftStack,
			edits: []string{`restart: "no"`, "restart: unless-stopped", "kafka-init: {condition: service_completed_successfully}", "kafka-init: {condition: service_started}"},
			want: []string{
				"36:5 kafka-init [oneshot-restart, advice] restart: unless-stopped starts kafka-init again each time it has ended, for ever",
				`fix: restart: "no"`,
			},
		},
	})
}

func TestOneShotsSilent(t *testing.T) {
	t.Parallel()
	const adoption = "    depends_on:\n      kafka-init: {condition: service_completed_successfully}\n"
	const shell = "    entrypoint: [bash, -c]\n    command:\n      - |\n        "
	const create = "kafka-topics --bootstrap-server kafka:9092 --create --if-not-exists --topic a"
	const tools = "    image: confluentinc/cp-kafka:7.9.2\n"
	const image = "    image: ${KAFKACTL_IMAGE:-kafkactl:local}\n    build: {context: .}\n    command: [apply]\n"
	runFaults(t, []fault{
		{name: "Kafka's own tools", base: zooStack, edits: []string{image, tools + shell + create + " || exit 1\n"}},
		{name: "errors of something else", base: zooStack, edits: []string{image, tools + shell + "rm -f /tmp/x || true\n        " + create + "\n"}},
		{name: "adopted by one that is adopted", base: zooStack, edits: []string{
			"kafka-init: {condition: service_completed_successfully}", "seed: {condition: service_completed_successfully}",
			"  kafka-ui:\n", "  seed:\n    image: app\n    command: [seed]\n" + adoption + "\n  kafka-ui:\n",
		}},
		{name: "an init behind a profile", base: zooStack, edits: []string{
			adoption, "", `restart: "no"`, "profiles: [init]\n    restart: \"no\"",
		}},
		{name: "an app with a restart policy", base: zooStack, edits: []string{
			"\nvolumes:\n  zoo", "  worker:\n    image: app\n    restart: on-failure\n\nvolumes:\n  zoo",
		}},
		{name: "a database called seed", base: zooStack, edits: []string{
			"\nvolumes:\n  zoo", "  cassandra-seed:\n    image: cassandra\n\nvolumes:\n  zoo",
		}},
		{name: "initial-data is no init", base: zooStack, edits: []string{
			"\nvolumes:\n  zoo", "  initial-data:\n    image: app\n    command: [serve]\n\nvolumes:\n  zoo",
		}},
	})
}
