package zookeeper

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitChroot(t *testing.T) {
	t.Parallel()
	type split struct {
		Addrs         []string
		Chroot, Fault string
	}
	const early, once = `ZooKeeper address "a:1`, `" has a chroot, which stands once, behind the last address; write `
	const form = "; the form is /name, for example localhost:2181/kafka"
	for _, test := range []struct {
		name  string
		given []string
		want  split
	}{
		{"none", []string{"a:1", "b:2"}, split{[]string{"a:1", "b:2"}, "", ""}},
		{"behind the last", []string{"a:1", "b:2/kafka"}, split{[]string{"a:1", "b:2"}, "/kafka", ""}},
		{"behind each", []string{"a:1/kafka/one", "b:2/kafka/one"}, split{[]string{"a:1", "b:2"}, "/kafka/one", early + "/kafka/one" + once + "a:1,b:2/kafka/one"}},
		{"behind the first", []string{"a:1/kafka", "b:2"}, split{[]string{"a:1", "b:2"}, "/kafka", early + "/kafka" + once + "a:1,b:2/kafka"}},
		{"a bare slash behind the first", []string{"a:1/", "b:2"}, split{[]string{"a:1", "b:2"}, "", early + "/" + once + "a:1,b:2"}},
		{"a bare slash", []string{"a:1/"}, split{[]string{"a:1"}, "", ""}},
		{"two", []string{"a:1/x", "b:2/y"}, split{[]string{"a:1", "b:2"}, "", `ZooKeeper chroots "/x" and "/y" differ, but one Kafka cluster has one`}},
		{"a slash at the end", []string{"a:1/kafka/"}, split{[]string{"a:1"}, "", `ZooKeeper chroot "/kafka/" ends in a slash` + form}},
		{"slashes in a row", []string{"a:1//kafka"}, split{[]string{"a:1"}, "", `ZooKeeper chroot "//kafka" has two slashes in a row` + form}},
		{"relative", []string{"a:1/kafka/../x"}, split{[]string{"a:1"}, "", `ZooKeeper chroot "/kafka/../x" has a relative part` + form}},
		{"space", []string{"a:1/kaf ka"}, split{[]string{"a:1"}, "", `ZooKeeper chroot "/kaf ka" has a space or a control character in it` + form}},
		{"left to the address", []string{"http://a:1", "a:1/x,b:2"}, split{[]string{"http://a:1", "a:1/x,b:2"}, "", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got split
			var err error
			if got.Addrs, got.Chroot, err = SplitChroot(test.given); err != nil {
				got.Fault = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
