// Package keystore reads trust stores and key stores as Java's clients do: PEM, JKS and PKCS12, by
// their content and not by a label or a name.
//
// Reading guide: [Trust] returns the certificates that a store trusts, [Identities] the client's
// certificates with their keys, [IdentityPEM] those of a chain and a key that are given apart
// (keystore.go). identify.go says what bytes are, and what to do with those that are no store.
// pem.go and pem_key.go read PEM. jks.go and pkcs12.go ask the libraries, and put their errors into
// words. chain.go finds the certificates of a key. Every refusal is an [Error] (error.go).
//
// All cryptography is Go's and the libraries': keystore-go reads JKS, go-pkcs12 PKCS12, and youmark/pkcs8
// encrypted keys of PEM. What they cannot read is refused with the line of keytool or OpenSSL that
// converts it; the tables of the tests say where Java reads more.
//
// Two laws are tested. The stores of OpenSSL and keytool, old and new, give the same certificate
// and key in every form. And no error has a password in it, nor a piece of a key. A store is the user's own
// configuration, so its size is bounded, a library's panic is an Error (library.go), and no more: a hostile file
// may ask for much work or memory.
//
// Everything here is pure: no network, no clock, no files. A hint has FILE where the path stands.
package keystore
