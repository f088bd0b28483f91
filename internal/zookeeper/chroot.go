package zookeeper

import (
	"fmt"
	"slices"
	"strings"
)

// SplitChroot takes the chroot off the addresses of an ensemble: where in ZooKeeper Kafka keeps its
// znodes, "" at the root. As in Kafka's zookeeper.connect it stands behind the last address alone:
// Kafka takes everything behind the first slash for the chroot, other addresses too, and would then
// know one server only. An address that has a scheme or holds a comma is left as it is, for whoever
// judges addresses. The error is a chroot that ZooKeeper would refuse, or one that stands elsewhere.
func SplitChroot(given []string) (addrs []string, chroot string, err error) {
	var chroots []string
	early := ""
	for i, text := range given {
		addr, path, found := strings.Cut(text, "/")
		if !found || strings.Contains(text, "://") || strings.Contains(text, ",") {
			addrs = append(addrs, text)
			continue
		}
		addrs = append(addrs, addr)
		if path != "" && !slices.Contains(chroots, "/"+path) { // ZooKeeper takes a bare slash for none
			chroots = append(chroots, "/"+path)
		}
		if early == "" && i < len(given)-1 {
			early = text
		}
	}
	if len(chroots) > 1 {
		return addrs, "", fmt.Errorf("ZooKeeper chroots %q and %q differ, but one Kafka cluster has one", chroots[0], chroots[1])
	}
	chroot = strings.Join(chroots, "")
	if fault := chrootFault(chroot); fault != "" {
		return addrs, "", fmt.Errorf("ZooKeeper chroot %q %s; the form is /name, for example localhost:2181/kafka", chroot, fault)
	}
	if early != "" {
		return addrs, chroot, fmt.Errorf("ZooKeeper address %q has a chroot, which stands once, behind the last address; write %s%s",
			early, strings.Join(addrs, ","), chroot)
	}
	return addrs, chroot, nil
}

// chrootFault returns why ZooKeeper would refuse a path, "" when it would not. It judges the text
// only.
func chrootFault(path string) string {
	if path == "" {
		return ""
	}
	if strings.HasSuffix(path, "/") {
		return "ends in a slash"
	}
	for name := range strings.SplitSeq(path[1:], "/") {
		switch name {
		case "":
			return "has two slashes in a row"
		case ".", "..":
			return "has a relative part"
		}
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0x9f }) {
		return "has a space or a control character in it"
	}
	return ""
}
