// Package certificates decides which certificates a development Kafka needs, and makes those that
// are not there: one CA, one certificate for each node, one for each client.
//
// Reading guide: a [Request] (request.go) names what there should be, and names.go says which names it
// may have. [Plan] (plan.go) compares it with the files that are there and returns every file with its state,
// and with its content where it has to be written. authority.go is the CA, leaf.go what is right about
// a certificate that is there, issue.go how a new one is made. The same key and certificate then are
// written in several forms: pem.go (Kafka's PEM stores; key and certificate apart for librdkafka and Go),
// store.go (PKCS12 and JKS for Java), client_properties.go.
//
// The file NAME.pem holds key and chain of NAME; all other files of NAME follow from it, so that one
// file, written at once, can never disagree with itself.
//
// Everything here is pure but for Go's source of randomness: no network, no clock, no file. What is
// there comes in as bytes, and what to write goes out as bytes.
package certificates
