# Sourced by .ci/run: a container engine with Compose for the tests of the stack, where none answers.
#
# Debian 13's is new enough and is installed as packages. On an older Debian, whose engine does not know a health check's
# start_interval, Debian 13's client, daemon and Compose are unpacked beside the system (they need glibc 2.34 only), and
# containerd, runc and iptables are the system's own. The daemon has a socket and a data directory of its own, is told by
# DOCKER_HOST, and ends with stop_engine.

engine_pid=

ensure_engine() {
	engine_dir=${XDG_CACHE_HOME:-$HOME/.cache}/kafkactl/engine
	if engine_answers; then
		return
	fi
	if ((EUID != 0)) && ! have sudo; then
		echo 'no container engine answers, and only root can start one' >&2
		return 1
	fi
	mkdir -p "$engine_dir"
	[[ -x $engine_dir/usr/sbin/dockerd ]] || install_engine
	start_engine
	engine_answers || { echo 'the engine runs, but docker or docker compose does not answer' >&2; return 1; }
}

# A daemon of 25 or newer, and Compose.
engine_answers() {
	local version
	version=$(docker version --format '{{.Server.Version}}' 2>/dev/null) || return 1
	((${version%%.*} >= 25)) && docker compose version >/dev/null 2>&1
}

install_engine() {
	local candidate
	as_root apt-get -qq update || echo 'apt-get update failed in part; going on' >&2
	candidate=$(apt-cache policy docker.io | awk '/Candidate:/ { print $2 }')
	if dpkg --compare-versions "${candidate:-0}" ge 25; then
		say "installing docker.io $candidate, docker-cli, docker-compose, iptables"
		apt_install docker.io docker-cli docker-compose iptables
		return
	fi
	have containerd && have runc && have iptables || {
		say 'installing containerd, runc, iptables'
		apt_install containerd runc iptables
	}
	say "unpacking Debian 13's container engine beside the system"
	unpack_trixie docker.io docker-cli docker-compose
}

# Debian 13's packages through an apt state of their own: the system's sources stay as they are.
unpack_trixie() {
	local apt=$engine_dir/apt mirror options
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | awk '/\/debian\/?$/ && !found++')
	mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial "$apt"/debs
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?no Debian mirror among the sources of apt} trixie main" >"$apt/sources.list"
	options=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists"
		-o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3)
	apt-get "${options[@]}" update
	(cd "$apt/debs" && apt-get "${options[@]}" download "${@/%//trixie}")
	local deb
	for deb in "$apt"/debs/*.deb; do
		dpkg -x "$deb" "$engine_dir"
	done
	rm -r "$apt"
}

start_engine() {
	local usr=$engine_dir/usr
	if [[ -x $usr/sbin/dockerd ]]; then
		export PATH="$usr/bin:$usr/sbin:$PATH" DOCKER_CONFIG="$engine_dir/config"
		mkdir -p "$DOCKER_CONFIG/cli-plugins"
		ln -sf "$usr/libexec/docker/cli-plugins/docker-compose" "$DOCKER_CONFIG/cli-plugins/"
		hash -r
	fi
	export DOCKER_HOST=unix://$engine_dir/docker.sock
	if docker version >/dev/null 2>&1; then
		return # another run started it, and ends it
	fi
	as_root rm -f "$engine_dir/docker.pid" # of a run that was killed
	as_root setsid env PATH="$PATH:/usr/sbin:/sbin" dockerd --host "$DOCKER_HOST" --group "$(id -gn)" --pidfile "$engine_dir/docker.pid" \
		--data-root "$engine_dir/data" --exec-root "$engine_dir/exec" >"$engine_dir/dockerd.log" 2>&1 &

	local waited=0
	until docker version >/dev/null 2>&1; do
		if ((waited++ == 240)) || ! kill -0 $! 2>/dev/null; then
			tail -n 20 "$engine_dir/dockerd.log" >&2
			engine_pid=$(cat "$engine_dir/docker.pid" 2>/dev/null || true)
			return 1
		fi
		sleep 0.25
	done
	engine_pid=$(<"$engine_dir/docker.pid")
	say "started $(docker version --format 'Docker Engine {{.Server.Version}}'), $(docker compose version)"
}

# Ends the engine that start_engine started, and no other.
stop_engine() {
	[[ -n $engine_pid ]] || return 0
	as_root kill "$engine_pid" || true
	local waited=0
	while [[ -d /proc/$engine_pid ]] && ((waited++ < 120)); do
		sleep 0.25
	done
	engine_pid=
}
