// Package stack has the commands about the stack as a whole: wait and health climb the readiness
// ladder (package readiness), doctor reads Compose files (package composefile), dev runs an
// embedded Kafka (dev_kafka.go, and dev_lock_*.go for its data directory).
package stack
