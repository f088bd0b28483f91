package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// The committed table is what the brokers answer today.
func TestTableIsWhatBrokersAnswer(t *testing.T) {
	kafkatest.Require(t, kafkatest.Brokers)
	fresh := filepath.Join(t.TempDir(), "config_keys_gen.go")
	if err := generate(t.Context(), fresh); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../config_keys_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("config_keys_gen.go is out of date: run make settings (-brokers +committed):\n%s", diff)
	}
}
