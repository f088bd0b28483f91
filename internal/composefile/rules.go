package composefile

import (
	"cmp"
	"slices"
)

// Level is what a finding means for who starts the stack.
type Level string

// The levels of findings.
const (
	// Fault: something in the stack does not work, stops working one day, or loses data.
	Fault Level = "fault"
	// Advice: the stack works as it is, and would be safer, faster or easier to watch otherwise.
	Advice Level = "advice"
)

// Finding is one thing in the files that is wrong or could be better, with its place and what to
// write instead.
type Finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Service string `json:"service"`
	Level   Level  `json:"level"`
	Rule    string `json:"rule"`    // the rule's id, which does not change
	Message string `json:"message"` // what happens, and why
	Fix     string `json:"fix"`     // the line to write
}

// rule is one row of the table; the comment of its check says what it looks at.
type rule struct {
	id    string
	check func(*Stack, reporter)
}

// reporter receives the findings of one rule.
type reporter struct {
	rule     string
	findings *[]Finding
}

func (r reporter) fault(s *service, at position, message, fix string) {
	r.add(Fault, s, at, message, fix)
}

func (r reporter) advice(s *service, at position, message, fix string) {
	r.add(Advice, s, at, message, fix)
}

// byUse reports a fault where what does not work is used, and advice where nobody is seen to.
func (r reporter) byUse(used bool, s *service, at position, message, fix string) {
	if used {
		r.fault(s, at, message, fix)
	} else {
		r.advice(s, at, message, fix)
	}
}

func (r reporter) add(level Level, s *service, at position, message, fix string) {
	*r.findings = append(*r.findings, Finding{at.file, at.line, at.column, s.Name, level, r.rule, message, fix})
}

// rules returns every rule, by subject.
func rules() []rule {
	return slices.Concat(listenerRules(), securityRules(), settingRules(), serviceRules())
}

// listenerRules are about addresses: who listens, where, and who is sent there.
func listenerRules() []rule {
	return []rule{
		// rules_ports.go
		{"advertised-port", advertisedPorts},
		{"exposed-port", exposedPorts},
		// rules_values.go
		{"quoted-value", quotedValues},
		{"foreign-setting", foreignSettings},
		{"listener-syntax", listenerSyntax},
		// rules_listeners.go
		{"listener-missing", missingListeners},
		{"listener-protocol", listenerProtocols},
		{"listener-port", listenerPorts},
		{"inter-broker-listener", interBrokerListeners},
		{"controller-listener", controllerListeners},
		// rules_bind.go
		{"listener-bind", listenerBinds},
		// rules_security.go
		{"sasl-login", saslLogins},
		// rules_mechanisms.go
		{"sasl-mechanism", saslMechanisms},
		{"listener-setting", listenerSettings},
		// rules_advertised.go
		{"advertised-address", advertisedAddresses},
		{"advertised-host", advertisedHosts},
	}
}

// securityRules are about who may do what, and who may listen.
func securityRules() []rule {
	return []rule{
		// rules_authorizer.go
		{"authorizer-class", authorizerClasses},
		{"super-users", superUsers},
		{"broker-principal", brokerPrincipals},
		// rules_open_cluster.go
		{"anonymous-superuser", anonymousSuperUsers},
		{"everyone-allowed", everyoneAllowed},
		{"zookeeper-acls", zookeeperACLs},
		{"plain-login", plainLogins},
		// rules_stores.go
		{"pem-store", pemStores},
		// rules_tls.go
		{"unverified-name", unverifiedNames},
		{"certificate", shownCertificates},
		// rules_secrets.go
		{"clear-password", clearPasswords},
	}
}

// settingRules are about the brokers, their quorum or their ZooKeeper, and their disks.
func settingRules() []rule {
	return []rule{
		// rules_quorum.go
		{"quorum-voters", quorumVoters},
		// rules_node_id.go
		{"process-roles", processRoles},
		{"node-id", nodeIDs},
		{"cluster-id", clusterIDs},
		// rules_settings.go
		{"required-setting", requiredSettings},
		{"removed-setting", removedSettings},
		{"auto-create", autoCreate},
		{"replication-factor", replicationFactors},
		{"min-isr", minISRs},
		// rules_create_topics.go
		{"create-topics", createdTopics},
		// rules_zookeeper.go
		{"zookeeper-tag", zookeeperTags},
		{"zookeeper-gone", zookeeperGone},
		{"zookeeper-connect", zookeeperConnects},
		{"zookeeper-whitelist", zookeeperWhitelists},
		{"zookeeper-session", zookeeperSessions},
		// rules_images.go
		{"dead-image", deadImages},
		// rules_volumes.go
		{"volume-unpaired", unpairedVolumes},
		{"volume-shared", sharedVolumes},
		{"volume-unused", unusedVolumes},
	}
}

// serviceRules are about what runs around the brokers: init containers, health checks, clients.
func serviceRules() []rule {
	return []rule{
		// rules_one_shot.go
		{"oneshot-unadopted", unadoptedOneShots},
		{"oneshot-restart", restartedOneShots},
		{"oneshot-silenced", silencedOneShots},
		// rules_scripts.go
		{"oneshot-unchecked", uncheckedOneShots},
		{"oneshot-background", backgroundOneShots},
		{"compose-variable", emptiedVariables},
		// rules_lost_words.go
		{"script-lost", lostWords},
		// rules_factors.go
		{"client-factor", clientFactors},
		{"topic-factor", toolFactors},
		// rules_health_check.go
		{"health-jvm", jvmProbes},
		{"health-ruok", ruokProbes},
		{"health-missing", missingProbes},
		// rules_health_never.go
		{"health-never", hopelessProbes},
		{"tool-missing", missingTools},
		// rules_clients.go
		{"client-address", clientAddresses},
		{"zookeeper-flag", zookeeperFlags},
	}
}

// Diagnose checks the stack against every rule. It returns the faults and then the advice, each by
// file, in the order in which the files are merged, and by place; none for a project without Kafka.
func (s *Stack) Diagnose() []Finding {
	if !s.HasKafka() {
		return nil
	}
	var findings []Finding
	for _, rule := range rules() {
		rule.check(s, reporter{rule.id, &findings})
	}
	files := s.Files()
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			-cmp.Compare(a.Level, b.Level), // "fault" before "advice"
			cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File)),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Service, b.Service),
		)
	})
	return slices.Compact(findings) // a range of ports is written once and finds the same for each
}
