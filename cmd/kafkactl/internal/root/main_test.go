package root

import (
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, Run) }
