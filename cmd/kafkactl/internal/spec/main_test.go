package spec_test

import (
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/root"
)

func TestMain(m *testing.M) { clitest.Main(m, root.Run) }
