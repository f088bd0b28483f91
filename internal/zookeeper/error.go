package zookeeper

import "fmt"

// Code is ZooKeeper's number for a refusal.
type Code int32

// The codes that matter here.
const (
	OK             Code = 0
	Unimplemented  Code = -6
	NoNode         Code = -101
	NoAuth         Code = -102
	SessionExpired Code = -112
	AuthFailed     Code = -115
	SASLRequired   Code = -124
)

// String returns ZooKeeper's name, "NoNode", or "error -8" of a code that has none here.
func (c Code) String() string {
	switch c {
	case OK:
		return "OK"
	case Unimplemented:
		return "Unimplemented"
	case NoNode:
		return "NoNode"
	case NoAuth:
		return "NoAuth"
	case SessionExpired:
		return "SessionExpired"
	case AuthFailed:
		return "AuthFailed"
	case SASLRequired:
		return "SessionClosedRequireSaslAuth"
	default:
		return fmt.Sprintf("error %d", int32(c))
	}
}

// Error is ZooKeeper's refusal of one request.
type Error struct {
	Path string // "" where the session itself was refused
	Code Code
}

// Error returns "/brokers/ids: NoNode".
func (e Error) Error() string {
	if e.Path == "" {
		return e.Code.String()
	}
	return e.Path + ": " + e.Code.String()
}

// IsForbidden reports that ZooKeeper wants another user, or any.
func (e Error) IsForbidden() bool {
	return e.Code == NoAuth || e.Code == AuthFailed || e.Code == SASLRequired
}
