// Package composefile says what a Compose file tells about its Kafka stack, and what
// in it will bite.
//
// [Load] reads a project as Compose does (interpolation, .env, merging, extends and
// include are compose-go's) and derives a small model of it once: brokers with their
// listeners, ZooKeepers, UIs, one-shots. [Stack.Diagnose] holds that model against a
// table of rules; each is one function whose comment names the rule of Kafka, of
// Compose or of an image that it follows. A setting that the files do not tell (a
// variable that is not set, a value in a mounted file) is never guessed at: a false
// alarm on a good file costs more than a missed oddity.
//
// The package reads the files it is given and dials nothing.
package composefile
