# kafkactl. `make` alone lists the targets; every one works from a clean clone.

.DEFAULT_GOAL := help
# No "Leaving directory" after go test's last line, where one target calls another.
MAKEFLAGS += --no-print-directory

# What ships holds no C: one static binary, and nothing here needs a C compiler but the race detector.
export CGO_ENABLED := 0

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# -buildvcs=false: a build must not fail, or differ, for the want of git or of a clean work tree; VERSION says it instead.
BUILD_FLAGS := -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)"

# Pinned, and run by `go run` rather than from a tool line in go.mod: it alone would need 200 lines of requirements there.
GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# -race where this machine can build it (a C compiler with its headers, a platform that has it). `make test RACE=` leaves it out.
RACE ?= $(shell CGO_ENABLED=1 go build -race -o /dev/null runtime/cgo 2>/dev/null && echo -race)

# Test packages at once. Two: tests of real brokers mostly wait for them, so one package alone leaves cores idle. Their
# clusters boot one after another, whoever starts them, and so do not keep each other's tests waiting.
TEST_P ?= 2

# Tests of one package at once, however many cores there are: each may keep four JVMs of 300 MB.
TEST_PARALLEL ?= 2

# For one package; the longest, deploy/compose, takes 7 minutes on two cores, and 15 while all is built for the first
# time. Past it something hangs, and go test prints where.
TEST_TIMEOUT ?= 30m

# More of go test's flags: make test TEST_FLAGS='-run TestApply -v'
TEST_FLAGS ?=

# The longest first, as go test starts packages in this order: one of minutes that starts last runs alone. The stacks, which
# mostly wait, beside the black box and the commands; the pure packages fill what is left in the end.
TEST_PACKAGES ?= ./deploy/... ./cmd/... ./...

# -count=1: brokers, ports and jars are unknown to the test cache; an old "ok" would say nothing about them.
# -tags netgo: with -race cgo is on, and names would be resolved by the C library, which the binary does not hold.
# -ldflags=-w: nothing reads DWARF here, and without it a test binary links in two thirds of the time.
GO_TEST = CGO_ENABLED=$(if $(RACE),1 go test $(RACE) -tags netgo,0 go test) -ldflags=-w \
	-count=1 -timeout $(TEST_TIMEOUT) $(if $(TEST_P),-p $(TEST_P)) $(if $(TEST_PARALLEL),-parallel $(TEST_PARALLEL)) $(TEST_FLAGS) $(TEST_PACKAGES)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## build the static binary, bin/kafkactl
	go build $(BUILD_FLAGS) -o bin/kafkactl ./cmd/kafkactl

.PHONY: demo
demo: build ## the main job on an embedded Kafka, with nothing installed but Go
	@bin/kafkactl dev --port 0 --no-apply -- sh ./demo.sh

# The stack in containers: compose.yaml (ZooKeeper), compose.kraft.yaml or compose.cluster.yaml; up-secure has its own.
STACK ?= compose.yaml
STACKS := compose.yaml compose.kraft.yaml compose.cluster.yaml compose.secure.yaml compose.secure.zookeeper.yaml
UI := http://localhost:8081

.PHONY: up
up: ## the stack in containers, from nothing to ready; says where everything is
	@KAFKACTL_VERSION=$(VERSION) docker compose -f deploy/compose/$(STACK) up --build --wait || { \
		docker compose -f deploy/compose/$(STACK) logs --no-log-prefix --tail 40 kafka-init; exit 1; }
	@echo
	@echo 'Kafka      localhost:29092 from the host, kafka:9092 from a container'
	@echo 'topics     those of topics.yaml: make build, then bin/kafkactl list'
	@echo 'Kafka UI   $(UI)'
	@echo 'stop       make down (keeps the data; docker compose -f deploy/compose/$(STACK) down -v removes it)'

.PHONY: up-kraft
up-kraft: ## the same without ZooKeeper
	@$(MAKE) up STACK=compose.kraft.yaml

.PHONY: up-cluster
up-cluster: ## the same with three brokers and the profile production
	@$(MAKE) up STACK=compose.cluster.yaml

# Passwords of the secure stack, and what clients on the host read. Never committed (.gitignore).
SECURE_DIR ?= deploy/compose/secure
PASSWORDS := $(addprefix $(SECURE_DIR)/,app kafka-ui kafka-ui-login)

.PHONY: up-secure
up-secure: build $(PASSWORDS) ## three brokers with TLS, passwords and rights (STACK=compose.secure.zookeeper.yaml: Kafka 3.9)
	@stack=deploy/compose/$(if $(filter compose.secure%,$(STACK)),$(STACK),compose.secure.yaml); \
	export KAFKACTL_VERSION=$(VERSION) SECURE_DIR=$(abspath $(SECURE_DIR)); \
	docker compose -f $$stack up --build --wait || { \
		docker compose -f $$stack logs --no-log-prefix --tail 40 certs kafka-init client-files; exit 1; }; \
	$(MAKE) credentials SERVICE=app STACK=$$(basename $$stack) || exit 1; \
	printf '%s\n' '' \
		'Kafka      localhost:29092, 29093, 29094 from the host; kafka:9092, kafka-2:9092, kafka-3:9092 from a container' \
		'log in     bin/kafkactl list --config $(SECURE_DIR)/app.properties   (user app; other clients: ca.crt beside it)' \
		'Kafka UI   $(UI), as admin with the password in $(SECURE_DIR)/kafka-ui-login' \
		'services   make credentials SERVICE=OrderService, or any other of topics.yaml' \
		"admin      docker compose -f $$stack run --rm --no-deps kafka-init list" \
		"stop       make down (keeps the data; docker compose -f $$stack down -v removes it)"

# kafka-init is admin, and has the passwords and the CA.
.PHONY: credentials
credentials: ## what a service of the secure stack logs in with on the host: SERVICE=OrderService
	@stack=deploy/compose/$(if $(filter compose.secure%,$(STACK)),$(STACK),compose.secure.yaml); \
	export SECURE_DIR=$(abspath $(SECURE_DIR)); umask 077; \
	docker compose -f $$stack run --rm -T --no-deps kafka-init access credentials $(SERVICE) --profile secure \
		-b localhost:29092,localhost:29093,localhost:29094 > $$SECURE_DIR/$(SERVICE).properties.new && \
	mv $$SECURE_DIR/$(SERVICE).properties.new $$SECURE_DIR/$(SERVICE).properties

# A password that is there is kept.
$(PASSWORDS):
	@mkdir -p $(@D) && umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' > $@

.PHONY: down
down: ## stop the stack, whichever runs; its data stays
	@for stack in $(STACKS); do docker compose -f deploy/compose/$$stack down || exit 1; done

.PHONY: logs
logs: ## what the containers of the running stack say
	@for stack in $(STACKS); do \
		[ -z "$$(docker compose -f deploy/compose/$$stack ps --quiet)" ] || docker compose -f deploy/compose/$$stack logs --follow --tail 100; \
	done

.PHONY: ui
ui: ## open Kafka UI in the browser
	@xdg-open $(UI) 2>/dev/null || open $(UI) 2>/dev/null || echo $(UI)

.PHONY: test
test: tiers ## every tier of tests this machine can run; says which it cannot
	$(GO_TEST)

# Only says it: the tests themselves skip a tier that cannot run or, with CI set, fail.
.PHONY: tiers
tiers: ## say which tiers of tests this machine cannot run, and what to install
	@go run -trimpath -buildvcs=false ./internal/kafkatest/tiers
	@if [ -z "$(RACE)" ]; then \
		echo '!!'; \
		echo '!! NO RACE DETECTOR: left out by RACE=, or no C compiler (on Debian: apt-get install --no-install-recommends gcc libc6-dev)'; \
		echo '!!'; \
	fi

.PHONY: race
race: ## the same tests, refusing to run without the race detector
	@$(MAKE) test RACE=-race

# Another kafkactl to run every command with as well, in turn with this one: make bench BASE=path/to/kafkactl
BASE ?=

# More of go test's flags: make bench BENCH_FLAGS='-bench List'
BENCH_FLAGS ?=

.PHONY: bench
bench: ## benchmarks: prints numbers, judges no time; a false "ready" fails. BASE=path/to/kafkactl compares, BENCH_ROUNDS=2 is short
	BENCH_BASE=$(abspath $(BASE)) go test -run '^$$' -bench . -benchtime 5x $(BENCH_FLAGS) ./cmd/kafkactl ./internal/accessadmin

.PHONY: lint
lint: ## go.mod, vet, style and the import laws (.golangci.yml)
	go mod tidy -diff
	$(GOLANGCI_LINT) run

.PHONY: fmt
fmt: ## format every Go file
	$(GOLANGCI_LINT) fmt

.PHONY: generate
generate: ## write again what follows from the code: docs/ and topics.schema.json
	go generate ./cmd/kafkactl/internal/root
	@$(MAKE) build
	bin/kafkactl schema > topics.schema.json.new
	mv topics.schema.json.new topics.schema.json

.PHONY: picture
picture: ## draw the pictures of docs/ again, from what the program prints (Linux)
	go test -count=1 ./cmd/kafkactl/internal/root -run '^TestPictures$$' -update

.PHONY: settings
settings: ## read again from Kafka's jars which settings topics have and take (internal/topicspec)
	go generate ./internal/topicspec

.PHONY: clean
clean: ## remove what these targets built
	rm -rf bin dist coverage.out topics.schema.json.new
