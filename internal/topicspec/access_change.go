package topicspec

import (
	"fmt"
	"strings"

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
	// Principal is who, with the type: "User:order-service". It is "", and so is all else, of ACLs that are required of
	// brokers without an authorizer: those are blocked.
	Principal string `json:"principal"`
	// Service is the service of the file, "" for a principal that no service has.
	Service string `json:"service"`
	// ClientID narrows a quota, "" for all clients of the user.
	ClientID string `json:"clientId,omitempty"`
	// Binding is the ACL, nil for other changes, and for the one that is blocked because brokers have no authorizer:
	// that has no Principal either.
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
	// Revocable is how many removals there are, those that are withheld and removable extras among them: what
	// --accept revoke=N must name.
	Revocable int `json:"revocable"`
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

// Removable counts the extras that may be removed. Nil has none.
func (a *AccessCompared) Removable() int {
	n := 0
	if a == nil {
		return n
	}
	for _, extra := range a.Extras {
		if !extra.Kept {
			n++
		}
	}
	return n
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

// Subject is what a change is about, for a message: `topic "order.created"`, `user "order-service"`, or an ACL in words.
func (c Change) Subject() string {
	switch {
	case c.Kind == KindTopic || c.Access == nil:
		return fmt.Sprintf("topic %q", c.Topic)
	case c.Kind == KindUser:
		return fmt.Sprintf("user %q", c.Access.UserName())
	case c.Kind == KindQuota:
		return fmt.Sprintf("quota %s of %q", c.Field, c.Access.UserName())
	case c.Access.Binding != nil:
		return fmt.Sprintf("ACL %q", c.Access.Binding)
	default: // of nobody: brokers without an authorizer have none
		return "ACLs"
	}
}

// UserName is the principal without "User:", as credentials and quotas have it.
func (s AccessSubject) UserName() string { return strings.TrimPrefix(s.Principal, "User:") }

// revoked says what a removal does to a principal.
func (c Change) revoked() string {
	switch who := c.Access.Principal; {
	case c.Kind == KindUser:
		return who + " cannot log in with " + c.Field + " any more"
	case c.Kind == KindQuota:
		return who + " is not limited by it any more"
	case c.Access.Binding != nil && c.Access.Binding.Permission == acl.Deny:
		return who + " is not denied it any more"
	default:
		return "takes rights away from " + who
	}
}

// checkAccess is [Change.check] of a change of a user, an ACL or a quota. What removes something has the risk of that:
// only a quota is removed without, one that the file declares null.
func (c Change) checkAccess() error {
	if ofNobody := c.Access != nil && c.Access.Principal == "" && c.Access.Binding == nil; ofNobody && c.Kind == KindACL && c.Action == Blocked {
		return nil
	}
	if c.Access == nil || c.Access.Principal == "" || c.Topic != "" {
		return fmt.Errorf("%s: a change of kind %s without a principal, or with a topic", c.Subject(), c.Kind)
	}
	if c.Risk != NoRisk && c.Risk != RiskRevoke {
		return fmt.Errorf("%s: a change of kind %s has no risk %q", c.Subject(), c.Kind, c.Risk)
	}
	isACL, named := c.Access.Binding != nil, c.Field != ""
	if whole := isACL == (c.Kind == KindACL) && isACL != named; !whole || !c.accessWhole() {
		return fmt.Errorf("%s: %s %s is not whole", c.Subject(), c.Action, c.Field)
	}
	return nil
}

// accessWhole reports whether the kind has the action, and the change what that needs.
func (c Change) accessWhole() bool {
	_, count := c.After.(Count)
	_, text := c.After.(Text)
	switch {
	case c.Action == Blocked:
		return c.Reason != ""
	case c.Action == Delete:
		return c.Risk == RiskRevoke && c.After == nil
	case c.Kind == KindACL:
		return c.Action == Create && c.Risk == NoRisk
	case c.Kind == KindUser:
		return (c.Action == Create || c.Action == Set) && c.Risk == NoRisk && count
	case c.Action == Set:
		return c.Risk == NoRisk && (count || text)
	default:
		return c.Action == Unset && c.After == nil
	}
}
