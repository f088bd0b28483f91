// Package composefile reads what a Compose file says about its Kafka stack, and finds what in it
// will fail.
//
// Reading guide: load.go reads a project as Compose does ([Load]; interpolation, .env, merging,
// extends and include are compose-go's) and names files of other programs (foreign_file.go). stack.go
// derives a small model of it once: service.go is one service, broker.go a broker with its listeners
// (endpoint.go) and its quorum (quorum.go), cluster.go which brokers belong together, image.go what
// an image is, dialect.go which brokers no rule can read, shell.go what a script runs.
// broker_security.go is whom a broker lets in, principal.go as whom brokers come to each other
// (principal_mapping.go), certificate.go the certificate that they show, mounted_file.go what a
// container finds at a path. rules.go is the table of rules that [Stack.Diagnose] checks; the
// rules_*.go files have the rules by subject, each one function whose comment names the rule of
// Kafka, of Compose or of an image that it follows.
// yaml_source.go and yaml_position.go find the line to point at.
//
// A setting that the files do not say (a variable that is not set, a value in a mounted file) is
// never guessed: a false alarm on a good file costs more than a missed oddity. A value that is
// certainly wrong is reported once; the model then holds what was meant, for the other rules.
//
// The package reads the files it is given, and the key stores that these mount; it dials nothing. No
// finding and no error shows a password, nor a piece of it.
package composefile
