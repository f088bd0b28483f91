package certificates

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// State is what becomes of a file.
type State string

// The states of a file.
const (
	Created State = "created" // it was not there
	Kept    State = "kept"    // it is there and right
	Renewed State = "renewed" // it was there, and ended soon or had become wrong
)

// File is one file of a plan.
type File struct {
	Name   string
	State  State
	Reason string // why it is renewed, or is kept although it is not what would be written
	// Content is what to write, nil for a file that is kept; Mode is that of a new file.
	Content []byte
	Mode    fs.FileMode

	// Principal is Kafka's name of the holder without mapping rules, CA the common name of a CA. Until
	// is when the certificate inside ends: of the one to write or, with [Request.Check], of the one that
	// is there. It is zero where there is none.
	Principal, CA string
	Hosts         []string
	Until         time.Time
}

// Found is a file that is there: Content is nil for none. Made says that this program wrote exactly
// that content.
type Found struct {
	Content []byte
	Made    bool
}

// ForeignError is files that others made and that are not to be overwritten.
type ForeignError struct{ Files []string }

func (e *ForeignError) Error() string {
	if len(e.Files) == 1 {
		return e.Files[0] + " is there, and not made by kafkactl certs: nothing was written"
	}
	return strings.Join(e.Files, ", ") + " are there, and not made by kafkactl certs: nothing was written"
}

// Plan decides about every file of the request, which has no [Request.Problem]. The files come in the
// order in which they are to be written: whatever ends the writing, what is there then is valid, and
// the next plan makes the rest.
func Plan(r Request, found map[string]Found, now time.Time) ([]File, error) {
	p := &planner{request: r, found: found, now: now}
	if err := p.authority(); err != nil {
		return nil, err
	}
	if err := p.trust(); err != nil {
		return nil, err
	}
	for _, node := range r.Nodes {
		if err := p.holder(holder{node.Name, node.Hosts, true}); err != nil {
			return nil, err
		}
	}
	for _, client := range r.Clients {
		if err := p.holder(holder{client, nil, false}); err != nil {
			return nil, err
		}
	}
	if len(p.foreign) > 0 {
		return nil, &ForeignError{p.foreign}
	}
	return p.files, nil
}

type planner struct {
	request Request
	found   map[string]Found
	now     time.Time

	ca      *authority
	files   []File
	foreign []string // that would have to be overwritten
}

// add decides about file, whose Content is what it should hold. right says that what is there is as
// good.
func (p *planner) add(file File, right bool) {
	have := p.found[file.Name]
	switch {
	case have.Content == nil:
		file.State, file.Reason = Created, ""
	case right || bytes.Equal(have.Content, file.Content):
		file.State, file.Content = Kept, nil
	default:
		file.State = Renewed
		if !have.Made && !p.mayOverwrite() {
			p.foreign = append(p.foreign, file.Name)
		}
	}
	if file.State == Kept && !right {
		file.Reason = "" // it spoke of other content
	}
	p.files = append(p.files, file)
}

// mayOverwrite reports whether files of others may be overwritten, or will not be in any case.
func (p *planner) mayOverwrite() bool { return p.request.Force || p.request.Check }

// trust adds the password and the truststores.
func (p *planner) trust() error {
	if p.request.KeepPassword {
		p.add(File{Name: PasswordFile, Mode: 0o600, Content: []byte(p.request.Password + "\n")}, p.found[PasswordFile].Content != nil)
	}
	for _, store := range p.request.storeTypes() {
		file := p.caFile(trustStore + store.extension)
		file.Mode = 0o600
		right := store.holdsTrust(p.found[file.Name].Content, p.ca.all, p.request.Password)
		if err := p.addStore(file, right, caCertFile, func() ([]byte, error) {
			return store.trust(p.ca.all, p.request.Password, p.now)
		}); err != nil {
			return err
		}
	}
	return nil
}

// holder adds the files of one node or client.
func (p *planner) holder(h holder) error {
	have, reason := p.existing(h)
	current := have
	if reason != "" || have == nil {
		var err error
		if current, err = p.issue(h); err != nil {
			return err
		}
	}
	file := File{Principal: principal(h.name), Hosts: h.hosts, Until: current.chain[0].NotAfter, Reason: reason}
	if p.request.Check && current != have {
		if file.Until = (time.Time{}); have != nil {
			file.Until = have.chain[0].NotAfter
		}
	}
	texts, err := p.pemFiles(h, current, file)
	if err != nil {
		return err
	}
	p.add(texts[0], current == have)
	p.add(texts[1], false)
	p.add(texts[2], false)
	if err := p.stores(h, current, file); err != nil {
		return err
	}
	if !h.node && !p.request.NoProperties {
		p.properties(h, file)
	}
	return nil
}

// pemFiles are the one with key and chain, and the two with one of them each.
func (p *planner) pemFiles(h holder, current *pair, like File) ([]File, error) {
	both, err := pairText(current)
	if err != nil {
		return nil, err
	}
	key, err := keyText(current.key)
	if err != nil {
		return nil, err
	}
	whole, chain, alone := like, like, like
	whole.Name, whole.Mode, whole.Content = h.name+".pem", 0o600, both
	chain.Name, chain.Mode, chain.Content = h.name+".crt", 0o644, certificateText(current.chain)
	alone.Name, alone.Mode, alone.Content = h.name+".key", 0o600, key
	if like.Reason == "" {
		chain.Reason = "not that of " + whole.Name
		alone.Reason = chain.Reason
	}
	return []File{whole, chain, alone}, nil
}

// existing returns the pair that is there, and why it has to be renewed. A pair that cannot be read
// is nil with a reason.
func (p *planner) existing(h holder) (*pair, string) {
	content := p.found[h.name+".pem"].Content
	if content == nil {
		return nil, ""
	}
	have, err := parsePair(content)
	if err != nil {
		return nil, err.Error()
	}
	return have, h.fault(have, p.ca, p.request.RenewBefore, p.now)
}

// issue makes a pair for h. A check needs one that is like it, and not the key of the CA.
func (p *planner) issue(h holder) (*pair, error) {
	ca := p.ca
	if p.request.Check {
		var err error
		if ca, err = p.newCA(&authority{}); err != nil {
			return nil, err
		}
	}
	if ca.key == nil {
		return nil, &CAError{CAKeyFile, "is missing: without it no certificate can be issued for " + h.name, nil}
	}
	return issue(h, ca, p.request.Lifetime, p.now)
}

func (p *planner) stores(h holder, current *pair, like File) error {
	alias := strings.ToLower(h.name) // as keytool has it
	for _, store := range p.request.storeTypes() {
		file := like
		file.Name, file.Mode = h.name+store.extension, 0o600
		right := store.holdsKeys(p.found[file.Name].Content, current, alias, p.request.Password)
		if err := p.addStore(file, right, h.name+".pem", func() ([]byte, error) {
			return store.keys(current, alias, p.request.Password, p.now)
		}); err != nil {
			return err
		}
	}
	return nil
}

// addStore adds a store, which is no same bytes twice: it is right or written anew.
func (p *planner) addStore(file File, right bool, of string, write func() ([]byte, error)) error {
	if !right && file.Reason == "" {
		file.Reason = "another password, or not the certificate of " + of
	}
	if !right && !p.request.Check {
		var err error
		if file.Content, err = write(); err != nil {
			return fmt.Errorf("write %s: %w", file.Name, err)
		}
	}
	p.add(file, right)
	return nil
}

// properties adds client.properties, which people may edit: then it stays.
func (p *planner) properties(h holder, like File) {
	file := like
	file.Name, file.Mode, file.Content = h.name+".properties", 0o600, clientProperties(h.name, p.request.Dir)
	file.Until = time.Time{}
	have := p.found[file.Name]
	edited := have.Content != nil && !have.Made && !p.request.Force && !bytes.Equal(have.Content, file.Content)
	if file.Reason = "the directory was another one"; edited {
		file.Reason = "edited: left as it is"
	}
	p.add(file, edited)
}

// principal is Kafka's name of who holds a certificate for name, without mapping rules.
func principal(name string) string { return "User:CN=" + name }

// caFile is a file that holds the certificate of the CA.
func (p *planner) caFile(name string) File {
	return File{Name: name, Mode: 0o644, CA: p.ca.certificate.Subject.CommonName, Until: p.ca.certificate.NotAfter}
}
