package stack

import (
	"testing"

	"kafkactl/internal/embedded"
)

func TestParseAdvertise(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]embedded.Endpoint{
		"":                          {},
		"host.docker.internal":      {Host: "host.docker.internal"},
		"host.docker.internal:9092": {Host: "host.docker.internal", Port: 9092},
		"my_service":                {Host: "my_service"},
		"172.17.0.1":                {Host: "172.17.0.1"},
		"172.17.0.1:29093":          {Host: "172.17.0.1", Port: 29093},
		"fd00::1":                   {Host: "fd00::1"},
		"[fd00::1]":                 {Host: "fd00::1"},
		"[fd00::1]:9092":            {Host: "fd00::1", Port: 9092},
	} {
		if got, err := parseAdvertise(flag); err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", flag, got, err, want)
		}
	}
	for _, flag := range []string{
		"a b", "a,b", "http://a", "PLAINTEXT://a:9092", "a:b", "a:0", "a:65536", "a:", ":9092", "0.0.0.0", "::", "[::]:9092", "-a", "a/b",
	} {
		if got, err := parseAdvertise(flag); err == nil {
			t.Errorf("%q: %+v", flag, got)
		}
	}
}
