// Package properties reads Kafka's client.properties, unchanged, as Java's clients do, and takes
// the keys of librdkafka beside them.
//
// Reading guide: [Parse] (parse.go) turns a file, and settings from flags and variables, into a
// [Client] (client.go), or reports every problem with file, line and column (problem.go). The bytes become
// characters that know their place (text.go), then lines and entries by the rules of
// java.util.Properties (lines.go, syntax.go). Variables of config providers are replaced (provider.go), and
// every key is mapped, ignored, refused or unknown (keys.go, keys_ignored.go, nearest.go). values.go
// has the types of values, build.go what is not about security, sasl.go and oauth.go the login, tls.go and
// store.go the encryption. A sasl.jaas.config is read by jaas_token.go (java.io.StreamTokenizer) and
// jaas.go (Kafka's JaasConfig); login.go has the login modules,
// and jaas_text.go writes one.
//
// Two laws are tested. What Java refuses is refused, and what it takes is read as the same text: Java
// itself is asked (testdata/Oracle.java). And no secret, nor a part of one, is in anything that can
// be printed ([Secret]): a problem names places and kinds, and repeats no text that could be a piece
// of a password.
//
// Everything here is pure: no network, no clock; the environment and other files come through
// functions. Stores and keys are locations here, and others read them.
package properties
