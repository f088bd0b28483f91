package acl_test

import (
	"os"
	"testing"

	"kafkactl/internal/kafkatest"
)

func TestMain(m *testing.M) { os.Exit(kafkatest.Main(m)) }
