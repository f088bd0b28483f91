// Package stack has the commands about the stack as a whole: wait and health climb the readiness
// ladder (package readiness), doctor reads Compose files (package composefile), dev runs an
// embedded Kafka (dev.go), certs makes certificates (package certificates; certs_directory.go writes them).
package stack
