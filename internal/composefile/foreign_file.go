package composefile

import (
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/yaml"
)

// ForeignError is a file of another program: YAML that no Compose reads.
type ForeignError struct {
	File string // as it was named
	Kind string // what it is, "a Kubernetes manifest (Deployment kafka)"
	Hint string // where a Compose file may be, "" when nothing is known
}

// Error returns "deploy.yaml is a Kubernetes manifest (Deployment kafka), not a Compose file".
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is %s, not a Compose file", e.File, e.Kind)
}

// foreign returns what a named file is when it certainly is no Compose file, nil otherwise.
func (s *sources) foreign() *ForeignError {
	for _, doc := range s.documents {
		if kind, hint := foreignKind(doc.root); kind != "" {
			return &ForeignError{doc.name, kind, hint}
		}
	}
	return nil
}

// foreignKind tells the kind of a document by the keys that its program wants at the top. Beside
// keys that Compose never has, a mapping called services makes it a Compose file.
func foreignKind(root *yaml.Node) (kind, hint string) {
	if root = yaml.Resolve(root); root == nil {
		return "", ""
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { at, _ := child(root, name); return at == nil })
	}
	_, services := child(root, "services")
	switch services = yaml.Resolve(services); {
	case has("apiVersion", "kind"):
		return kubernetesKind(root), "doctor reads Compose files; in a cluster of Kubernetes, kafkactl health and wait tell how Kafka is"
	case has("topics") && (has("version") || has("defaults")):
		return "a topics file", "kafkactl validate -f checks it"
	case services != nil && services.Kind == yaml.MappingNode:
		return "", ""
	case jobs(root, "script", "trigger", "extends") > 0 && (has("stages") || has("include") || has("default") || has("workflow") || jobs(root, "script") > 0):
		return "a GitLab CI file", "doctor reads Compose files; kafkactl has a whole job with Kafka in its deploy/ci/gitlab-ci.yml"
	case has("jobs", "on"), has("jobs") && !has("version"):
		return "a GitHub Actions workflow", "doctor reads Compose files; kafkactl has a whole job with Kafka in its deploy/ci/github-actions.yml"
	case has("jobs", "version"), has("orbs"):
		return "a CircleCI file", ""
	case has("scrape_configs"):
		return "a configuration of Prometheus", ""
	case has("spring"):
		return "a configuration of Spring", ""
	case has("redpanda"), has("kafka", "connect"):
		return "a configuration of a server", ""
	case root.Kind == yaml.SequenceNode && len(root.Content) > 0 && playbook(root.Content[0]):
		return "an Ansible playbook", ""
	case legacyCompose(root):
		return "a Compose file of version 1, without services:", "put its services below the key services:"
	default:
		return "", ""
	}
}

// kubernetesKind names the kind and the name of the object; charts and kustomizations are written
// the same way.
func kubernetesKind(root *yaml.Node) string {
	_, kind := child(root, "kind")
	_, metadata := child(root, "metadata")
	_, name := child(metadata, "name")
	text := "a Kubernetes manifest (" + yaml.Resolve(kind).Value
	if name != nil {
		text += " " + yaml.Resolve(name).Value
	}
	return text + ")"
}

// jobs counts the mappings at the top that have one of the keys.
func jobs(root *yaml.Node, keys ...string) int {
	count := 0
	if root.Kind != yaml.MappingNode {
		return 0
	}
	for i := 1; i < len(root.Content); i += 2 {
		if slices.ContainsFunc(keys, func(name string) bool { at, _ := child(root.Content[i], name); return at != nil }) {
			count++
		}
	}
	return count
}

func playbook(play *yaml.Node) bool {
	hosts, _ := child(play, "hosts")
	tasks, _ := child(play, "tasks")
	roles, _ := child(play, "roles")
	return hosts != nil && (tasks != nil || roles != nil)
}

// legacyCompose reports services at the top, as Compose had them before 2016.
func legacyCompose(root *yaml.Node) bool {
	if root.Kind != yaml.MappingNode || len(root.Content) == 0 {
		return false
	}
	for i := 1; i < len(root.Content); i += 2 {
		image, _ := child(root.Content[i], "image")
		build, _ := child(root.Content[i], "build")
		if image == nil && build == nil && !strings.HasPrefix(root.Content[i-1].Value, "x-") {
			return false
		}
	}
	return true
}
