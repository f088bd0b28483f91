package composefile

import (
	"cmp"
	"slices"
)

// Finding is one thing in the files that will bite.
type Finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Service string `json:"service"`
	Rule    string `json:"rule"`    // the rule's id, which does not change
	Message string `json:"message"` // what happens, and why
	Fix     string `json:"fix"`     // the line to write
}

// rule is one row of the table: what it looks at is in its check's comment.
type rule struct {
	id    string
	check func(*Stack, reporter)
}

// reporter takes a finding of one rule.
type reporter func(s *service, at position, message, fix string)

// rules is every rule, by subject.
func rules() []rule {
	return []rule{
		// ports.go
		{"advertised-port", advertisedPorts},
		{"exposed-port", exposedPorts},
		// listeners.go
		{"listener-missing", missingListeners},
		{"listener-protocol", listenerProtocols},
		{"listener-port", listenerPorts},
		{"inter-broker-listener", interBrokerListeners},
		{"controller-listener", controllerListeners},
		// advertised.go
		{"advertised-address", advertisedAddresses},
		{"advertised-host", advertisedHosts},
		// settings.go
		{"required-setting", requiredSettings},
		{"removed-setting", removedSettings},
		{"auto-create", autoCreate},
		{"replication-factor", replicationFactors},
		{"min-isr", minISRs},
		// zookeeper.go
		{"zookeeper-tag", zookeeperTags},
		{"zookeeper-gone", zookeeperGone},
		{"zookeeper-connect", zookeeperConnects},
		{"zookeeper-whitelist", zookeeperWhitelists},
		{"zookeeper-session", zookeeperSessions},
		// images.go
		{"dead-image", deadImages},
		// volumes.go
		{"volume-unpaired", unpairedVolumes},
		{"volume-shared", sharedVolumes},
		{"volume-unused", unusedVolumes},
		// oneshot.go
		{"oneshot-unadopted", unadoptedOneShots},
		{"oneshot-restart", restartedOneShots},
		{"oneshot-silenced", silencedOneShots},
		// health.go
		{"health-jvm", jvmProbes},
		{"health-ruok", ruokProbes},
		{"health-missing", missingProbes},
		// clients.go
		{"client-address", clientAddresses},
		{"zookeeper-flag", zookeeperFlags},
	}
}

// Diagnose holds the stack against every rule: the findings in the order of the files,
// by place. A project without Kafka has none.
func (s *Stack) Diagnose() []Finding {
	if !s.HasKafka() {
		return nil
	}
	var findings []Finding
	for _, rule := range rules() {
		rule.check(s, func(svc *service, at position, message, fix string) {
			findings = append(findings, Finding{at.file, at.line, at.column, svc.Name, rule.id, message, fix})
		})
	}
	files := s.Files()
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File)),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Service, b.Service),
		)
	})
	return slices.Compact(findings) // a range of ports is written once and finds the same for each
}
