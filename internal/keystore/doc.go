// Package keystore reads trust stores and key stores as Java's clients do: PEM, JKS and PKCS12, by
// their content and not by a label or a name.
//
// Reading guide: [Trust] returns the certificates that a store trusts, [Identities] the client's
// certificates with their keys, [IdentityPEM] those of a chain and a key that are given apart
// (keystore.go). identify.go says what bytes are, and what to do with those that are no store.
// pem.go and pem_key.go read PEM, jks.go JKS, pkcs12.go and pkcs12_bag.go PKCS12. What passwords protect is opened by
// pbe.go (PBES2 and the algorithms of PKCS12), pkcs12_kdf.go (RFC 7292, appendix B) and rc2.go. chain.go finds the
// certificates of a key. Every refusal is an [Error] (error.go).
//
// Three laws are tested. The stores of OpenSSL and keytool, old and new, give the same certificate
// and key in every form. No error has a password in it, nor a piece of a key. And hostile bytes
// cost no more than their size: lengths are those of the file, and iterations have a budget
// (budget in pbe.go).
//
// The package has no dependency beyond Go's crypto, which has the primitives. The libraries that
// read these formats neither bound iterations nor lengths, panic on damaged keys, and cannot say
// which certificates of a PKCS12 file that also has a key are trusted.
//
// Everything here is pure: no network, no clock, no files. A hint has FILE where the path stands.
package keystore
