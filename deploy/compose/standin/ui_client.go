package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// springProperties are the variables as Spring reads them: ${name} stands for the file of that name in the directory
// that SPRING_CONFIG_IMPORT names.
type springProperties map[string]string

func newSpringProperties(env environment) (springProperties, error) {
	dir, isTree := strings.CutPrefix(env.lookup["SPRING_CONFIG_IMPORT"], "configtree:")
	if isTree {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
			return nil, fmt.Errorf("config data location %q cannot be found: %w", dir, err)
		}
	}
	properties, failed := springProperties{}, error(nil)
	for name, value := range env.lookup {
		properties[name] = regexp.MustCompile(`\$\{([^}:]+)\}`).ReplaceAllStringFunc(value, func(placeholder string) string {
			text, err := os.ReadFile(filepath.Join(dir, strings.Trim(placeholder, "${}")))
			if !isTree || err != nil {
				failed = errors.Join(failed, fmt.Errorf("could not resolve placeholder %s in %s", placeholder, name))
			}
			return strings.TrimSuffix(string(text), "\n")
		})
	}
	return properties, failed
}

// clientOptions are the settings of the first cluster, as far as the stacks use them. Anything else is refused.
func clientOptions(properties springProperties) ([]kgo.Opt, error) {
	const prefix = "KAFKA_CLUSTERS_0_PROPERTIES_"
	opts := []kgo.Opt{kgo.SeedBrokers(strings.Split(properties["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"], ",")...)}
	switch protocol := properties[prefix+"SECURITY_PROTOCOL"]; protocol {
	case "", "PLAINTEXT":
		return opts, nil
	case "SASL_SSL":
	default:
		return nil, fmt.Errorf("security.protocol %q is not stood in for", protocol)
	}
	if kind := properties[prefix+"SSL_TRUSTSTORE_TYPE"]; kind != "PEM" {
		return nil, fmt.Errorf("ssl.truststore.type %q is not stood in for", kind)
	}
	authorities, err := os.ReadFile(properties[prefix+"SSL_TRUSTSTORE_LOCATION"])
	if err != nil {
		return nil, fmt.Errorf("read the truststore: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authorities) {
		return nil, errors.New("the truststore holds no certificate")
	}
	const login = `^org\.apache\.kafka\.common\.security\.scram\.ScramLoginModule required username="([^"]+)" password="([^"]+)";$`
	match := regexp.MustCompile(login).FindStringSubmatch(properties[prefix+"SASL_JAAS_CONFIG"])
	if mechanism := properties[prefix+"SASL_MECHANISM"]; mechanism != "SCRAM-SHA-512" || match == nil {
		return nil, fmt.Errorf("sasl.mechanism %q, or its sasl.jaas.config, is not stood in for", mechanism)
	}
	auth := scram.Auth{User: match[1], Pass: match[2]}
	return append(opts, kgo.DialTLSConfig(&tls.Config{RootCAs: roots}), kgo.SASL(auth.AsSha512Mechanism())), nil
}
