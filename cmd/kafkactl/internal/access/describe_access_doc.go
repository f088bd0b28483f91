package access

import (
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// serviceDoc is the access of one service in JSON and YAML.
type serviceDoc struct {
	cli.Header
	serviceFields
}

type serviceFields struct {
	Service   string `json:"service"`
	Principal string `json:"principal"`
	Absent    bool   `json:"absent"`   // it shall have nothing any more
	Compared  bool   `json:"compared"` // false: the brokers were not asked
	Skipped   string `json:"skipped"`  // why ACLs were not compared
	InSync    bool   `json:"inSync"`   // false where nothing was compared

	Groups           []patternDoc `json:"groups"`
	TransactionalIDs []patternDoc `json:"transactionalIds"`
	Bindings         []bindingDoc `json:"bindings"`
	Password         *passwordDoc `json:"password"` // null: it does not log in with one
	Credentials      []partDoc    `json:"credentials"`
	Quotas           []partDoc    `json:"quotas"`
	QuotaClientID    string       `json:"quotaClientId"`
	Notes            []string     `json:"notes"`
}

type patternDoc struct {
	Name    string          `json:"name"`
	Pattern acl.PatternType `json:"patternType"`
}

type bindingDoc struct {
	acl.Binding
	State   state    `json:"state"`
	Reasons []string `json:"reasons"`
	Note    string   `json:"note"`
}

// passwordDoc is where the password is. It is never shown itself.
type passwordDoc = topicspec.PasswordSource

type partDoc struct {
	Name     string          `json:"name"`     // the mechanism, or Kafka's key of the quota
	Declared topicspec.Value `json:"declared"` // null: there shall be none
	Observed topicspec.Value `json:"observed"` // null: there is none, or it is not known
	State    state           `json:"state"`
	Note     string          `json:"note"`
}

func (v *serviceAccess) fields() serviceFields {
	fields := serviceFields{
		Service: v.Name, Principal: v.Principal, Absent: v.Absent, Compared: v.compared, Skipped: v.skipped, InSync: v.compared && v.inSync(),
		Groups: patternDocs(v.Groups), TransactionalIDs: patternDocs(v.TransactionalIDs), Bindings: []bindingDoc{},
		Credentials: partDocs(v.users), Quotas: partDocs(v.quotas), QuotaClientID: v.QuotaClientID, Notes: cli.OrEmpty(v.notes),
	}
	for _, b := range v.bindings {
		fields.Bindings = append(fields.Bindings, bindingDoc{b.Binding, b.state, cli.OrEmpty(b.reasons), b.note})
	}
	if v.Scram != nil {
		fields.Password = &v.Scram.Password
	}
	return fields
}

func patternDocs(patterns []topicspec.NamePattern) []patternDoc {
	docs := make([]patternDoc, len(patterns))
	for i, p := range patterns {
		docs[i] = patternDoc(p)
	}
	return docs
}

func partDocs(parts []partState) []partDoc {
	docs := make([]partDoc, len(parts))
	for i, p := range parts {
		docs[i] = partDoc{p.name, p.after, p.before, p.state, p.note}
	}
	return docs
}
