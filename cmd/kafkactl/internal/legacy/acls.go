package legacy

import "slices"

// modernACLs maps kafka-acls --list, of all principals or of one.
func modernACLs(c *call) ([]string, *Refusal) {
	for _, f := range c.flags {
		switch f.name {
		case "--add", "--remove":
			return c.cannot(f.name+": kafkactl changes ACLs by topics.yaml", "declare who produces and consumes, or grants, and run kafkactl apply; it removes only with --accept revoke=N")
		case "--topic", "--group", "--cluster", "--transactional-id", "--delegation-token", "--user-principal", "--resource-pattern-type":
			return c.cannot(f.name+": kafkactl list acls lists those on everything", "kafkactl list acls -o json | jq '.acls[] | select(.resourceName == \"…\")'; kafkactl can PRINCIPAL OPERATION topic T decides about one")
		}
	}
	if !slices.ContainsFunc(c.flags, func(f oldFlag) bool { return f.name == "--list" }) {
		return c.needs("--list", "kafkactl list acls")
	}
	c.flags = slices.DeleteFunc(c.flags, func(f oldFlag) bool { return f.name == "--list" })
	return slices.Concat([]string{"list", "acls"}, c.rest(), c.where), nil
}
