package zookeeper

import (
	"fmt"
	"slices"
	"strings"
)

// SplitChroot takes the chroot off the addresses of an ensemble: where in ZooKeeper Kafka keeps its
// znodes, "" at the root. As in Kafka's zookeeper.connect it stands behind the last address; here
// others may carry it too, as long as it is the same. An address that has a scheme or holds a comma
// is left as it is, for whoever judges addresses. The error is a chroot that ZooKeeper would
// refuse.
func SplitChroot(given []string) (addrs []string, chroot string, err error) {
	var chroots []string
	for _, text := range given {
		addr, path, found := strings.Cut(text, "/")
		if !found || strings.Contains(text, "://") || strings.Contains(text, ",") {
			addrs = append(addrs, text)
			continue
		}
		addrs = append(addrs, addr)
		if path != "" && !slices.Contains(chroots, "/"+path) { // ZooKeeper takes a bare slash for none
			chroots = append(chroots, "/"+path)
		}
	}
	if len(chroots) == 0 {
		return addrs, "", nil
	}
	if len(chroots) > 1 {
		return addrs, "", fmt.Errorf("ZooKeeper chroots %q and %q differ, but one Kafka cluster has one", chroots[0], chroots[1])
	}
	if fault := chrootFault(chroots[0]); fault != "" {
		return addrs, "", fmt.Errorf("ZooKeeper chroot %q %s; the form is /name, for example localhost:2181/kafka", chroots[0], fault)
	}
	return addrs, chroots[0], nil
}

// chrootFault returns why ZooKeeper would refuse a path, "" when it would not. It judges the text
// only.
func chrootFault(path string) string {
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
