package access

import (
	"fmt"
	"maps"
	"slices"

	"kafkactl/internal/topicspec"
)

// users compares SCRAM credentials. The brokers tell mechanisms and iterations; whether the password is the wanted one
// a trial login says.
func (c *comparison) users() {
	seen := make(map[string]bool)
	for _, service := range c.desired.Services {
		name, isUser := userName(service.Principal)
		if !isUser || seen[name] {
			continue
		}
		switch {
		case c.owners.absent(service.Principal):
			seen[name] = true
			c.forgetUser(service, name)
		case service.Scram != nil:
			seen[name] = true
			c.user(service, name)
		}
	}
}

func (c *comparison) user(service topicspec.DesiredService, name string) {
	changes := len(c.credentials)
	for _, mechanism := range service.Scram.Mechanisms {
		observed, exists := c.observed.Users[name][mechanism]
		made := topicspec.Change{
			Kind: topicspec.KindUser, Field: mechanism, Action: topicspec.Set,
			Before: topicspec.Count(observed.Iterations), After: topicspec.Count(service.Scram.Iterations), Access: subject(service),
		}
		blocked := ""
		if service.Principal == c.observed.Own {
			blocked = "kafkactl itself logs in as " + service.Principal + ", and would lock itself out if this failed half way: " +
				"apply as another principal, or change it with kafka-configs --alter --entity-type users --entity-name " + name
		}
		switch {
		case !exists:
			made.Action, made.Before, made.Reason, blocked = topicspec.Create, nil, "password from "+source(service.Scram.Password), ""
		case observed.Password == Other:
			made.Reason = "the password in " + source(service.Scram.Password) + " is not the one the brokers have"
		case observed.Iterations != service.Scram.Iterations:
		case observed.Password == NotVerified:
			c.note(fmt.Sprintf("user %s: password not verified: %s", name, observed.Reason))
			continue
		default:
			continue
		}
		if blocked != "" && made.Reason != "" {
			blocked = made.Reason + "; " + blocked
		}
		c.credentials = append(c.credentials, change(made, blocked))
	}
	for _, mechanism := range slices.Sorted(maps.Keys(c.observed.Users[name])) {
		if !slices.Contains(service.Scram.Mechanisms, mechanism) {
			c.note(fmt.Sprintf("user %s: has a %s credential that is not declared, perhaps with another password", name, mechanism))
		}
	}
	if len(c.credentials) == changes {
		c.compared.Users++
	}
}

// source says where a password is, for people: "$ORDER_PASSWORD" or "secrets/order".
func source(p topicspec.PasswordSource) string {
	if p.Env != "" {
		return "$" + p.Env
	}
	return p.File + p.Generate
}

// forgetUser removes the credentials of a user who shall have none.
func (c *comparison) forgetUser(service topicspec.DesiredService, name string) {
	for _, mechanism := range slices.Sorted(maps.Keys(c.observed.Users[name])) {
		c.forgotten = append(c.forgotten, change(topicspec.Change{
			Kind: topicspec.KindUser, Field: mechanism, Action: topicspec.Delete, Risk: topicspec.RiskRevoke,
			Before: topicspec.Count(c.observed.Users[name][mechanism].Iterations), Access: subject(service),
		}, c.owners.keeps(service.Principal)))
	}
}

// subject is whom a change of a service is about.
func subject(service topicspec.DesiredService) *topicspec.AccessSubject {
	return &topicspec.AccessSubject{Principal: service.Principal, Service: service.Name}
}
