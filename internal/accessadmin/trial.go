package accessadmin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"runtime"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/access"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// login is a login of a user by one mechanism.
type login struct {
	user, mechanism string
	password        properties.Secret
}

// verdict is what a trial login says.
type verdict struct {
	password access.PasswordState
	reason   string // why it says nothing
}

// trials are the verdicts of one run: a login that brokers refuse is not tried twice.
type trials struct {
	mu    sync.Mutex
	known map[login]verdict
}

func newTrials() *trials { return &trials{known: make(map[login]verdict)} }

func (t *trials) get(l login) (verdict, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, known := t.known[l.comparable()]
	return v, known
}

func (t *trials) set(l login, v verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known[l.comparable()] = v
}

// forget has a login tried again: it has another credential now.
func (t *trials) forget(l login) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.known, l.comparable())
}

// comparable is a login without its password, of which a run has just one.
func (l login) comparable() login { return login{user: l.user, mechanism: l.mechanism} }

// tryPasswords finds out whether users that are there have the wanted passwords.
func (k *Keeper) tryPasswords(ctx context.Context, live []broker, users credentials, passwords map[string]wanted) {
	var logins []login
	for _, user := range slices.Sorted(maps.Keys(passwords)) {
		wanted := passwords[user]
		for _, mechanism := range slices.Sorted(maps.Keys(users[user])) {
			switch l := (login{user, mechanism, wanted.password}); {
			case !wanted.password.IsSet():
				k.trials.set(l, verdict{reason: lostPassword(user, mechanism, wanted.source)})
			case !k.config.Security.Protocol.HasSASL():
				k.trials.set(l, verdict{reason: "nobody logs in on this connection, which is " + string(protocolOf(k.config.Security))})
			default:
				logins = append(logins, l)
			}
		}
	}
	k.tryEach(ctx, live, logins)
	for user, credentials := range users {
		for mechanism, credential := range credentials {
			if v, known := k.trials.get(login{user: user, mechanism: mechanism}); known {
				credential.Password, credential.Reason = v.password, v.reason
				credentials[mechanism] = credential
			}
		}
	}
}

// lostPassword says that a password was generated once, and is not here.
func lostPassword(user, mechanism string, source topicspec.PasswordSource) string {
	return fmt.Sprintf("%s is not there, and the brokers never tell a password; put it there, or remove the user for a new one: "+
		"kafka-configs --bootstrap-server … --alter --entity-type users --entity-name %s --delete-config %s", source.Generate, user, mechanism)
}

func protocolOf(s kafka.Security) properties.Protocol {
	if s.Protocol == "" {
		return properties.Plaintext
	}
	return s.Protocol
}

// tryEach tries logins that were not tried before. The first one of a mechanism goes alone: where the listener does not
// have that, the others need not ask.
func (k *Keeper) tryEach(ctx context.Context, live []broker, logins []login) {
	logins = slices.DeleteFunc(logins, func(l login) bool { _, known := k.trials.get(l); return known })
	absent := make(map[string]verdict)
	asked := make(map[string]bool)
	var rest []login
	for _, l := range logins {
		if asked[l.mechanism] {
			rest = append(rest, l)
			continue
		}
		asked[l.mechanism] = true
		v, offered := k.try(ctx, live[0], l)
		if k.trials.set(l, v); !offered {
			absent[l.mechanism] = v
		}
	}
	together(len(rest), func(i int) {
		v, isAbsent := absent[rest[i].mechanism]
		if !isAbsent {
			v, _ = k.try(ctx, live[i%len(live)], rest[i])
		}
		k.trials.set(rest[i], v)
	})
}

// try logs in once. offered is false where the listener does not have the mechanism.
func (k *Keeper) try(ctx context.Context, at broker, l login) (v verdict, offered bool) {
	switch err := k.logIn(ctx, at, l); {
	case err == nil:
		return verdict{password: access.Same}, true
	case errors.Is(err, kerr.SaslAuthenticationFailed):
		return verdict{password: access.Other}, true
	case errors.Is(err, kerr.UnsupportedSaslMechanism):
		return verdict{reason: "the listener at " + at.addr + " does not have " + l.mechanism}, false
	default:
		return verdict{reason: err.Error()}, true
	}
}

func (k *Keeper) logIn(ctx context.Context, at broker, l login) error {
	return askAll(ctx, []broker{at}, func(ctx context.Context, _ int32) (struct{}, error) {
		sasl := properties.SASL{Mechanism: l.mechanism, Username: l.user, Password: l.password}
		return struct{}{}, k.config.TryLogin(ctx, at.addr, sasl)
	})[0].Err
}

// together calls do for each of so many items, as many at a time as this machine works out passwords: a login of SCRAM
// is thousands of hashes.
func together(items int, do func(item int)) {
	next := make(chan int)
	var working sync.WaitGroup
	for range min(items, 2*runtime.GOMAXPROCS(0)) {
		working.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	working.Wait()
}

// exposed notes what goes over the network without encryption: whoever sees a new credential can log in with it, and
// whoever sees a login can try passwords against it.
func (k *Keeper) exposed(changes []topicspec.Change, seen Observation) []string {
	protocol := protocolOf(k.config.Security)
	far := slices.IndexFunc(seen.live, func(b broker) bool { return !isLoopback(b.addr) })
	if protocol.HasTLS() || far < 0 {
		return nil
	}
	over := fmt.Sprintf("over %s to %s, which is not encrypted", protocol, seen.live[far].addr)
	if slices.ContainsFunc(changes, func(c topicspec.Change) bool { return c.Stage == topicspec.StageUsers }) {
		return []string{"credentials are written " + over + ": whoever listens can log in as these users; connect by SASL_SSL or SSL"}
	}
	if protocol.HasSASL() && k.trials.any() {
		return []string{"passwords are tried " + over + ": SCRAM does not send them, but whoever listens can guess at weak ones; connect by SASL_SSL"}
	}
	return nil
}

// any reports whether a login was tried.
func (t *trials) any() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, v := range t.known {
		if v.password != access.NotVerified {
			return true
		}
	}
	return false
}

func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && kafka.Loopback(host)
}
