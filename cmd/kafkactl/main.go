// Command kafkactl takes a Kafka stack from "containers are starting" to "every
// declared topic is there and usable", and answers the daily questions after that.
package main

import (
	"os"

	"kafkactl/cmd/kafkactl/internal/root"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version = "dev"

func main() { os.Exit(root.Run(os.Args[1:], version)) }
