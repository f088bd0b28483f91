package topicspec

import (
	"fmt"

	"kafkactl/internal/acl"
)

// Kind is what a change is about. The zero value is a topic; in JSON it is "topic".
type Kind string

const (
	// KindTopic is a topic, its counts and settings.
	KindTopic Kind = ""
	// KindUser is a SCRAM credential (KIP-554): Field is its mechanism, Before and After are its iterations.
	KindUser Kind = "user"
	// KindACL is one binding: Create adds it, Delete removes it.
	KindACL Kind = "acl"
	// KindQuota is one value of a client quota (KIP-546): Field is its key, Before and After are numbers.
	KindQuota Kind = "quota"
)

const topicKind = "topic"

// MarshalText returns "topic" for the zero value.
func (k Kind) MarshalText() ([]byte, error) {
	if k == KindTopic {
		return []byte(topicKind), nil
	}
	return []byte(k), nil
}

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	switch kind := Kind(text); kind {
	case topicKind:
		*k = KindTopic
	case KindUser, KindACL, KindQuota:
		*k = kind
	default:
		return fmt.Errorf("unknown kind %q", kind)
	}
	return nil
}

// AccessSubject is whom and what a change of a user, an ACL or a quota is about.
type AccessSubject struct {
	// Principal is who, with the type: "User:order-service".
	Principal string `json:"principal"`
	// Service is the service of the file, "" for a principal that no service has.
	Service string `json:"service"`
	// ClientID narrows a quota, "" for all clients of the user.
	ClientID string `json:"clientId,omitempty"`
	// Binding is the ACL, nil for other changes.
	Binding *acl.Binding `json:"binding,omitempty"`
	// Reasons says why the file asks for it: "producer of order.created".
	Reasons []string `json:"reasons"`
}

// AccessCompared is what was compared of users, ACLs and quotas.
type AccessCompared struct {
	// Skipped says why ACLs were not looked at, "" when they were: "the brokers have no authorizer".
	Skipped string `json:"skipped"`
	// Services counts the services with a principal; Bindings, Users and Quotas count what is as declared.
	Services int `json:"services"`
	Bindings int `json:"bindings"`
	Users    int `json:"users"`
	Quotas   int `json:"quotas"`
	// Extras are bindings of our principals that the file does not declare. They are left alone, and are drift only with
	// Prune.
	Extras []Extra `json:"extras"`
	Prune  bool    `json:"prune"`
	// Notes says what else is to be known, a line each: a password that could not be verified, a DENY that may matter.
	Notes []string `json:"notes"`
}

// Extra is a binding that the file does not declare, though its principal is the file's.
type Extra struct {
	acl.Binding
	// Service is the service of the principal, "" for one that access.owns has.
	Service string `json:"service"`
	// Reason says what is to be known of it: "already allows what is declared", or why it is never removed.
	Reason string `json:"reason"`
	// Kept reports that it is never removed: of an own or protected principal, or a kind that only people remove.
	Kept bool `json:"kept"`
}

// accessStages returns those of a change of a user, an ACL or a quota.
func (c Change) accessStages() []Stage {
	switch {
	case c.Action == Blocked:
		return nil
	case c.Kind == KindQuota:
		return []Stage{StageQuotas}
	case c.Kind == KindUser && c.Action == Delete:
		return []Stage{StageForget}
	case c.Kind == KindUser:
		return []Stage{StageUsers}
	case c.Action == Delete:
		return []Stage{StageRevoke}
	default:
		return []Stage{StageAllow}
	}
}
