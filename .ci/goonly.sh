# Sourced by .ci/run: the README's two commands on a machine that has Go, make, git and coreutils, and nothing else.
#
# The PATH is a directory of links to those alone, and HOME is empty: modules are downloaded and everything is compiled
# again. CI is unset, so that a tier that cannot run is skipped instead of failing, as it is on anybody's machine.

go_only_dir=

# shellcheck disable=SC2016 # the lines are run by the sh inside
go_only() {
	go_only_dir=$(mktemp -d)
	mkdir "$go_only_dir/bin" "$go_only_dir/home"
	local program path
	# No awk, grep or sed: only `make help` asks for one of them.
	for program in go git make sh \
		basename cat chmod cp cut date dd dirname echo env expr false head id ln ls mkdir mkfifo mktemp mv nproc od printf pwd \
		readlink realpath rm rmdir seq sleep sort stat stty tail tee test timeout touch tr true tty uname uniq wc; do
		path=$(type -P "$program") || { echo "no $program" >&2; return 1; }
		ln -s "$path" "$go_only_dir/bin/$program"
	done

	with_go_only make demo || return 1
	with_go_only make test 2>&1 | tee "$go_only_dir/test.log" || return 1
	says_what_it_skips "$go_only_dir/test.log"
}

# The settings of the network stay as they are; those of this machine's tools and of an engine that .ci/run started do not.
with_go_only() {
	env -u CI -u JAVA_HOME -u DOCKER_HOST -u DOCKER_CONFIG -u XDG_CACHE_HOME -u XDG_CONFIG_HOME \
		-u GOPATH -u GOMODCACHE -u GOCACHE -u MAKEFLAGS -u MAKELEVEL \
		PATH="$go_only_dir/bin" HOME="$go_only_dir/home" GOFLAGS="${GOFLAGS:-} -modcacherw" "$@"
}

# A skipped tier is announced before the tests, and the last line is go test's own.
says_what_it_skips() {
	local tier
	for tier in 'tier 3, on a terminal' 'tier 4, real Kafka and ZooKeeper' 'tier 4, KafkaJS' 'tier 4, kafka-python' 'tier 5, the stack'; do
		grep -qF "!! CANNOT RUN HERE: $tier" "$1" || { echo "make test does not say that it skips $tier" >&2; return 1; }
	done
	grep -qF '!! NO RACE DETECTOR' "$1" || { echo 'make test does not say that the race detector is left out' >&2; return 1; }
	tail -n 1 "$1" | grep -qE '^(ok|\?) ' || { echo "the last line of make test is not go test's" >&2; return 1; }
}

remove_go_only() { [[ -z $go_only_dir ]] || rm -rf "$go_only_dir"; }
