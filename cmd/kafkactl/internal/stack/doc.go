// Package stack has the commands about the stack as a whole: wait and health climb the readiness
// ladder, doctor reads Compose files, dev runs an embedded Kafka.
package stack
