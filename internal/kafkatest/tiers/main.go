// Command tiers says which tiers of tests this machine cannot run, and what to install. It is `make
// tiers`; the tests themselves ask the same gate, [kafkatest.Require].
package main

import (
	"fmt"
	"os"

	"kafkactl/internal/kafkatest"
)

func main() {
	verdict := "its tests will be skipped"
	if os.Getenv("CI") != "" {
		verdict = "CI is set, so its tests will fail"
	}
	for _, err := range kafkatest.Lacking() {
		fmt.Printf("!!\n!! CANNOT RUN HERE: %v\n!! %s\n!!\n", err, verdict)
	}
}
