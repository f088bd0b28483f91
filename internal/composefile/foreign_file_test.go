package composefile

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestForeignFiles pins that a file of another program is called by its name, and that a Compose
// file is never taken for one.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"Kubernetes", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: kafka}\n", "a Kubernetes manifest (Deployment kafka)"},
		{"Strimzi", "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: my-cluster}\nspec: {kafka: {replicas: 3}}\n", "a Kubernetes manifest (Kafka my-cluster)"},
		{"several objects", "---\napiVersion: v1\nkind: Namespace\n---\napiVersion: v1\nkind: Service\nmetadata: {name: kafka}\n", "a Kubernetes manifest (Namespace)"},
		{"GitLab CI", "stages: [test]\nit:\n  stage: test\n  services: [{name: \"apache/kafka:4.1.1\", alias: kafka}]\n  script: [go test ./...]\n", "a GitLab CI file"},
		{"GitLab CI with services for all jobs", "image: golang\nservices:\n  - apache/kafka:4.1.1\ntest:\n  script: [make]\n", "a GitLab CI file"},
		{"GitLab CI of includes", "include: [{local: ci.yml}]\ndeploy: {trigger: group/project}\n", "a GitLab CI file"},
		{"GitHub Actions", "name: ci\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    services: {kafka: {image: \"apache/kafka:4.1.1\"}}\n", "a GitHub Actions workflow"},
		{"CircleCI", "version: 2.1\njobs: {build: {docker: [{image: golang}]}}\n", "a CircleCI file"},
		{"topics.yaml", "version: 1\nservices: {A: {group: a}}\ntopics: {orders: {partitions: 3}}\n", "a topics file"},
		{"Prometheus", "scrape_configs: [{job_name: kafka}]\n", "a configuration of Prometheus"},
		{"Spring", "spring: {kafka: {bootstrap-servers: \"localhost:9092\"}}\n", "a configuration of Spring"},
		{"Ansible", "- hosts: all\n  tasks: [{name: x}]\n", "an Ansible playbook"},
		{"Compose of 2015", "kafka:\n  image: spotify/kafka\n  ports: [\"9092:9092\"]\n", "a Compose file of version 1, without services:"},

		{"Compose", "services: {kafka: {image: \"apache/kafka:4.1.1\"}}\n", ""},
		{"Compose with a job's words", "include: [other.yaml]\nservices: {stages: {image: app}, script: {image: app}}\n", ""},
		{"an override of nothing but a network", "networks: {default: {name: shared}}\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := writeFiles(t, map[string]string{"a.yaml": test.text, "other.yaml": "services: {other: {image: app}}\n"})
			name := filepath.Join(dir, "a.yaml")
			_, err := Load(context.Background(), Options{Files: []string{name}})
			foreign, is := errors.AsType[*ForeignError](err)
			if !is {
				foreign = &ForeignError{}
			}
			if diff := cmp.Diff(test.want, foreign.Kind); diff != "" {
				t.Errorf("kind (-want +got):\n%s\nerror: %v", diff, err)
			}
			if is && foreign.Error() != name+" is "+test.want+", not a Compose file" {
				t.Errorf("error: %v", err)
			}
		})
	}
}
