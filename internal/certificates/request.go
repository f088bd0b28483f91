package certificates

import (
	"fmt"
	"strings"
	"time"
)

// DefaultCA is the common name of a CA that nobody named.
const DefaultCA = "kafkactl development CA"

// caLifetime is ten years: who renews a CA has to visit every client.
const caLifetime = 10 * 365 * 24 * time.Hour

// PasswordFile holds the password of the stores, where it was generated.
const PasswordFile = "store-password"

// Node is one broker or controller.
type Node struct {
	// Name is the common name, and the name of the files.
	Name string
	// Hosts are DNS names and IP addresses: everything that the node advertises. Clients compare.
	Hosts []string
}

// Request is what there should be.
type Request struct {
	// CA is the common name of the CA; "" takes the one that is there, or [DefaultCA].
	CA      string
	Nodes   []Node
	Clients []string

	// PKCS12 and JKS ask for stores of these types, too. Password is theirs.
	PKCS12, JKS bool
	Password    string
	// KeepPassword makes the password a file of the plan.
	KeepPassword bool

	// Lifetime is how long a new certificate is valid; one that ends within RenewBefore is renewed.
	Lifetime, RenewBefore time.Duration
	// RenewCA makes a new CA certificate of the CA's key, even of one that has expired.
	RenewCA bool
	// Force overwrites files that others made.
	Force bool
	// Check decides as if everything might be made and overwritten: nothing is going to be written.
	Check bool

	// NoProperties leaves out the client.properties files, for whoever writes others.
	NoProperties bool
	// Dir is the absolute path that client.properties files name.
	Dir string
}

// Problem returns what is wrong with the names of the request, nil when nothing is.
func (r Request) Problem() error {
	seen := map[string]string{}
	check := func(kind, name string) error {
		if err := checkName(kind, name); err != nil {
			return err
		}
		if other, taken := seen[strings.ToLower(name)]; taken {
			if other == name {
				return fmt.Errorf("%q is named twice", name)
			}
			return fmt.Errorf("%q and %q would have the same files", other, name)
		}
		seen[strings.ToLower(name)] = name
		return nil
	}
	for _, client := range r.Clients {
		if err := check("client", client); err != nil {
			return err
		}
	}
	for _, node := range r.Nodes {
		if err := check("node", node.Name); err != nil {
			return err
		}
		for _, host := range node.Hosts {
			if err := CheckHost(host); err != nil {
				return fmt.Errorf("node %s: %w", node.Name, err)
			}
		}
	}
	return checkCommonName(r.CA)
}

// Names lists the files that a plan for the request may read or write.
func (r Request) Names() []string {
	names := []string{caCertFile, CAKeyFile, PasswordFile, trustStore + ".p12", trustStore + ".jks"}
	add := func(name string) {
		for _, extension := range []string{".pem", ".crt", ".key", ".properties", ".p12", ".jks"} {
			names = append(names, name+extension)
		}
	}
	for _, node := range r.Nodes {
		add(node.Name)
	}
	for _, client := range r.Clients {
		add(client)
	}
	return names
}
