package certificates

import (
	"cmp"
	"time"
)

// authority decides about the files of the CA: a key that is there is used, a certificate that ends
// soon is made anew of the same key.
func (p *planner) authority() error {
	have, err := readAuthority(p.found[caCertFile], p.found[CAKeyFile])
	if err != nil {
		return err
	}
	reason, renew, err := p.judgeCA(have)
	if err != nil {
		return err
	}
	missing := have == nil || have.certificate == nil
	if p.ca = have; renew && (missing || !p.request.Check) {
		if p.ca, err = p.newCA(have); err != nil {
			return err
		}
	}
	if p.ca.key != nil { // else it is kept elsewhere, and missed only where something is to be issued
		key := File{Name: CAKeyFile, Mode: 0o600}
		if key.Content, err = keyText(p.ca.key); err != nil {
			return err
		}
		p.add(key, p.found[CAKeyFile].Content != nil)
	}
	cert := p.caFile(caCertFile)
	if cert.Reason = reason; p.ca != have {
		cert.Content = certificateText(p.ca.all)
	}
	if p.request.Check && missing {
		cert.Until = time.Time{}
	}
	p.add(cert, !renew)
	return nil
}

// judgeCA returns whether the CA needs a new certificate, and why. A CA of others that ends soon has
// a reason and is not renewed.
func (p *planner) judgeCA(have *authority) (reason string, renew bool, err error) {
	if have == nil || have.certificate == nil {
		return "", true, nil
	}
	if name := have.certificate.Subject.CommonName; p.request.CA != "" && name != p.request.CA {
		return "", false, &CANameError{caCertFile, name, p.request.CA}
	}
	reason = timeFault(have.certificate, p.request.RenewBefore, p.now)
	if p.request.Check {
		return reason, reason != "", nil
	}
	if p.request.RenewCA {
		return cmp.Or(reason, "asked for"), true, nil
	}
	if reason == "" {
		return "", false, nil
	}
	if !p.now.Before(have.certificate.NotAfter) {
		return "", false, &CAError{caCertFile, reason, ErrExpiredCA}
	}
	if p.now.Before(have.certificate.NotBefore) {
		return "", false, &CAError{caCertFile, "is " + reason + ": is the clock of this machine right?", nil}
	}
	if !p.found[caCertFile].Made || have.key == nil {
		return reason + "; renew it where it was made", false, nil
	}
	return reason, true, nil
}

// newCA returns have with a new certificate; nil is a CA that is not there yet.
func (p *planner) newCA(have *authority) (*authority, error) {
	if have == nil {
		have = &authority{}
	}
	if len(have.between) > 0 {
		return nil, &CAError{caCertFile, "was issued by another CA: have that one renew it", nil}
	}
	if have.key == nil && have.certificate != nil {
		return nil, &CAError{CAKeyFile, "is missing: without it the CA cannot be renewed", nil}
	}
	if have.key == nil {
		key, err := newKey()
		if err != nil {
			return nil, err
		}
		have = &authority{key: key}
	}
	return have.certify(cmp.Or(p.request.CA, DefaultCA), p.now)
}
