package kafka

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
)

// LocalFaultError is a want of this process or this machine that kept it from opening a file or a
// connection: neither the network nor a broker is at fault, and none of them was asked.
//
// It does not unwrap to the error of the operating system, which calls itself temporary: kgo would
// try again for as long as it may.
type LocalFaultError struct{ Errno syscall.Errno }

// Error says what is wanting.
func (e *LocalFaultError) Error() string { return wantOf(e.Errno).text }

// Hint returns what to do about it.
func (e *LocalFaultError) Hint() string { return wantOf(e.Errno).hint }

// Is makes errors.Is find the error of the operating system.
func (e *LocalFaultError) Is(target error) bool { return target == e.Errno }

// Passes reports whether the fault may be over a moment later without anybody's doing: memory and
// ports come back, a limit on open files or a prohibition stays.
func (e *LocalFaultError) Passes() bool { return wantOf(e.Errno).passes }

// want is a kind of [LocalFaultError].
type want struct {
	errnos     []syscall.Errno
	files      bool // it keeps files from being opened, too; the others are about connections alone
	passes     bool
	text, hint string
}

// wants lists what may be wanting.
func wants() []want {
	return []want{
		{
			errnos: []syscall.Errno{syscall.EMFILE}, files: true, text: "too many open files: this process may not open more",
			hint: "`ulimit -n` shows how many it may have: raise that to some hundred, in Compose with ulimits: nofile, in systemd with LimitNOFILE=",
		},
		{
			errnos: []syscall.Errno{syscall.ENFILE}, files: true, text: "too many open files on this machine",
			hint: "`sysctl fs.file-nr fs.file-max` shows how many are open and how many may be; end what holds them, or raise the limit",
		},
		{
			errnos: []syscall.Errno{syscall.EACCES, syscall.EPERM}, text: "this machine does not let this process connect",
			hint: "a firewall rule, SELinux or a sandbox forbids it: that is not the broker's doing",
		},
		{
			errnos: []syscall.Errno{syscall.EAFNOSUPPORT, syscall.EPROTONOSUPPORT}, text: "this machine has no network of that kind, such as IPv6",
			hint: "give an address of the other kind: 127.0.0.1 in place of [::1]",
		},
		{
			errnos: []syscall.Errno{syscall.EADDRNOTAVAIL}, passes: true, text: "this machine has no address, or no free port, to connect from",
			hint: "is IPv6 off here, or are all local ports in use? `ss -s` counts them",
		},
		{
			errnos: []syscall.Errno{syscall.ENOBUFS, syscall.ENOMEM}, passes: true, text: "this machine has no memory for a connection",
			hint: "look at its memory: `free`, and the limits of the container",
		},
	}
}

func wantOf(errno syscall.Errno) want {
	all := wants()
	return all[slices.IndexFunc(all, func(w want) bool { return slices.Contains(w.errnos, errno) })]
}

// LocalFault returns the fault of this process or machine that err comes from, nil for any other
// error and for none. err is that of a dial, of a name that was looked up, or of a file that was
// opened, or has one of them in its chain.
func LocalFault(err error) *LocalFaultError {
	if fault, found := errors.AsType[*LocalFaultError](err); found {
		return fault
	}
	op, _ := errors.AsType[*net.OpError](err)
	dns, lookedUp := errors.AsType[*net.DNSError](err)
	for _, w := range wants() {
		for _, errno := range w.errnos {
			// The resolver keeps no more than the text of what stopped it.
			if (w.files || op != nil && op.Op == "dial") && errors.Is(err, errno) || lookedUp && strings.Contains(dns.Err, errno.Error()) {
				return &LocalFaultError{errno}
			}
		}
	}
	if lookedUp {
		return fullFileTable()
	}
	return nil
}

// OwnFault is [LocalFault] for a fault that stays as long as this process lives: whoever waits for a
// cluster need not go on.
func OwnFault(err error) *LocalFaultError {
	if local := LocalFault(err); local != nil && !local.Passes() {
		return local
	}
	return nil
}

// fullFileTable returns the fault that no file can be opened, nil where one can. A resolver that
// could not read its files does not say so: it says that there is no such host.
func fullFileTable() *LocalFaultError {
	file, err := os.Open(os.DevNull)
	if err != nil {
		if errno, found := errors.AsType[syscall.Errno](err); found && (errno == syscall.EMFILE || errno == syscall.ENFILE) {
			return &LocalFaultError{errno}
		}
		return nil
	}
	_ = file.Close()
	return nil
}
