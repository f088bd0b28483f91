package accessadmin

import (
	"os"
	"testing"

	"kafkactl/internal/kafkatest"
)

// TestMain ends the real clusters that the tests shared.
func TestMain(m *testing.M) { os.Exit(kafkatest.Main(m)) }
