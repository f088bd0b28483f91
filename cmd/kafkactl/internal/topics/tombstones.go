package topics

import (
	"fmt"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// check refuses flags that contradict each other.
func (o *listOptions) check() error {
	switch tombstones := o.app.Format == cli.FormatTombstones; {
	case o.managed && o.unmanaged:
		return cli.Usagef("--managed goes without --unmanaged")
	case tombstones && !o.unmanaged:
		return cli.Usagef("-o tombstones needs --unmanaged: it is for topics that the topics file does not declare")
	case tombstones && o.internal:
		return cli.Usagef("-o tombstones goes without --internal: a topics file deletes no topic of Kafka itself")
	default:
		return nil
	}
}

// printTombstones prints the lines of a topics file that declare the topics absent. Topics that a topics file does
// not delete are left out.
func (o *listOptions) printTombstones(topics []admin.Topic, viewer string) error {
	var names []string
	for _, t := range topics {
		if !t.Internal && !strings.HasPrefix(t.Name, "_") {
			names = append(names, t.Name)
		}
	}
	if left := len(topics) - len(names); left > 0 {
		o.app.Notef("note: %s left out: a topics file deletes none whose name begins with _", term.Count(left, "topic"))
	}
	if viewer != "" {
		o.app.Notef("note: topics that %s may not see are left out, where there are any", viewer)
	}
	if len(names) == 0 {
		o.app.Notef("no topics match")
		return nil
	}
	lines, err := topicspec.Tombstones(names)
	if err == nil {
		_, err = o.app.Out.Write(lines)
	}
	if err != nil {
		return fmt.Errorf("write the tombstones: %w", err)
	}
	return nil
}
