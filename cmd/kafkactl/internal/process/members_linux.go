package process

import (
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// prepare is called before the command starts. It has the kernel send SIGTERM to the command when
// this process is killed; what the command started is not told. In a shared group it makes the
// processes that the command leaves ours, which could not be told from the programs beside us.
func (g group) prepare() {
	g.cmd.SysProcAttr.Pdeathsig = syscall.SIGTERM
	if g.shared {
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // since Linux 3.4
	}
}

// reapAdopted lets go of adopted processes once they end: who waits for one of them to be gone by
// its id would wait forever. It is called when the command has started; stop ends it.
func (g group) reapAdopted() (stop func()) {
	if !g.shared {
		return func() {}
	}
	ended, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(ended, syscall.SIGCHLD)
	go func() {
		for {
			g.reap()
			select {
			case <-ended:
			case <-over:
				return
			}
		}
	}()
	return func() {
		signal.Stop(ended)
		close(over)
	}
}

// reap lets go of the adopted processes that have ended.
func (g group) reap() {
	for _, p := range processes() {
		if p.zombie && p.parent == os.Getpid() && p.id != g.cmd.Process.Pid {
			_, _ = syscall.Wait4(p.id, nil, syscall.WNOHANG, nil)
		}
	}
}

// members returns the processes of the command that have not ended.
func (g group) members() []int {
	id, ours := g.cmd.Process.Pid, map[int]bool{}
	all := processes()
	if g.shared {
		id, ours = syscall.Getpgrp(), descendants(all, os.Getpid())
	}
	var members []int
	for _, p := range all {
		if p.group == id && !p.zombie && (!g.shared || ours[p.id]) {
			members = append(members, p.id)
		}
	}
	return members
}

// others returns the members without the command itself.
func (g group) others() []int {
	return slices.DeleteFunc(g.members(), func(id int) bool { return id == g.cmd.Process.Pid })
}

// process is what /proc says of one.
type process struct {
	id, parent, group int
	zombie            bool
}

// descendants returns which processes a process has started, directly or not.
func descendants(all []process, ancestor int) map[int]bool {
	children := make(map[int][]int)
	for _, p := range all {
		children[p.parent] = append(children[p.parent], p.id)
	}
	found := make(map[int]bool)
	for next := children[ancestor]; len(next) > 0; {
		id := next[0]
		next = next[1:]
		if !found[id] {
			found[id] = true
			next = append(next, children[id]...)
		}
	}
	return found
}

// processes returns the processes of this machine that can be seen.
func processes() []process {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	all := make([]process, 0, len(paths))
	for _, path := range paths {
		stat, err := os.ReadFile(path)
		if err != nil { // ended meanwhile
			continue
		}
		if p, ok := parseStat(string(stat)); ok {
			all = append(all, p)
		}
	}
	return all
}

// parseStat reads a line of /proc/ID/stat: "ID (NAME) STATE PARENT GROUP ...". The name may hold
// anything, a parenthesis and a space included.
func parseStat(stat string) (process, bool) {
	open, end := strings.IndexByte(stat, ' '), strings.LastIndexByte(stat, ')')
	if open < 0 || end < 0 {
		return process{}, false
	}
	fields := strings.Fields(stat[end+1:])
	if len(fields) < 3 {
		return process{}, false
	}
	var numbers [3]int
	for i, text := range []string{stat[:open], fields[1], fields[2]} {
		var err error
		if numbers[i], err = strconv.Atoi(text); err != nil {
			return process{}, false
		}
	}
	state := fields[0]
	return process{numbers[0], numbers[1], numbers[2], state == "Z" || state == "X"}, true
}
