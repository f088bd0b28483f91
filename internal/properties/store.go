package properties

import (
	"fmt"
	"strings"
)

// storeKeys are the keys of one of the two stores. Java's rules are the same for both, but for the
// key in a keystore.
type storeKeys struct {
	word                           string // truststore, keystore
	location, kind, password, text string
}

// truststore reads Java's keys, or librdkafka's.
func (b *builder) truststore() Store {
	java := storeKeys{
		"truststore", "ssl.truststore.location", "ssl.truststore.type", "ssl.truststore.password", "ssl.truststore.certificates",
	}
	if b.isReplaced("ssl.ca.location", "ssl.ca.pem", java) {
		return b.authorities()
	}
	return b.store(java)
}

// authorities are those of ssl.ca.*.
func (b *builder) authorities() Store {
	location, pem := b.text("ssl.ca.location"), b.secret("ssl.ca.pem")
	if s, ok := b.setting("ssl.ca.pem"); ok && location != "" {
		b.refuse(s, "and ssl.ca.location both give authorities", "keep one of them")
	}
	if location == "probe" {
		return Store{SystemRoots: true}
	}
	return Store{Location: location, PEM: pem}
}

// isReplaced reports whether librdkafka's keys are there. Together with Java's they are a problem, unless they
// are from outside the file and so win.
func (b *builder) isReplaced(location, pem string, java storeKeys) bool {
	s, ok := b.setting(location)
	if !ok {
		s, ok = b.setting(pem)
	}
	if !ok {
		return false
	}
	for _, key := range []string{java.location, java.text} {
		if other, has := b.setting(key); has && !s.outside {
			b.refuse(other, fmt.Sprintf("and %s both give a %s", s.name, java.word), "keep one of them")
		}
	}
	return true
}

// store reads the keys of Java, by the rules of its DefaultSslEngineFactory.
func (b *builder) store(k storeKeys) Store {
	store := Store{Location: b.text(k.location), Type: b.text(k.kind), Password: b.secret(k.password), PEM: b.secret(k.text)}
	b.judgeType(k.kind)
	location, _ := b.setting(k.location)
	password, hasPassword := b.setting(k.password)
	certificates, hasText := b.setting(k.text)
	isPEM := store.Type == "PEM"
	switch {
	case hasText && !isPEM:
		b.refuse(certificates, fmt.Sprintf("is for a %s of the type PEM, and Kafka's default is JKS", k.word), fmt.Sprintf("add %s=PEM", k.kind))
	case hasText && store.Location != "":
		b.refuse(location, fmt.Sprintf("and %s both give a %s", k.text, k.word), "keep one of them")
	}
	switch {
	case hasPassword && isPEM:
		b.refuse(password, "Kafka refuses a password of a store of the type PEM", b.pemPassword(k))
	case hasPassword && store.Location == "" && !hasText:
		b.refuse(password, fmt.Sprintf("is the password of a %s that is not given", k.word), fmt.Sprintf("add %s", k.location))
	}
	return store
}

func (b *builder) pemPassword(k storeKeys) string {
	if k.word == "keystore" {
		return "take it out; the password of an encrypted key is ssl.key.password"
	}
	return "take it out"
}

// judgeType refuses the types that cannot be read. Which of the others a file is, its content says.
func (b *builder) judgeType(key string) {
	s, ok := b.setting(key)
	if !ok {
		return
	}
	name := s.value.trim().String()
	switch known := []string{"JKS", "PKCS12", "PEM"}; strings.ToUpper(name) {
	case "PEM":
		if name != "PEM" {
			b.refuse(s, "is not how Kafka writes the type", "write PEM")
		}
	case "JKS", "PKCS12":
	case "JCEKS", "BCFKS", "BKS", "UBER":
		b.refuse(s, fmt.Sprintf("kafkactl does not read %s", strings.ToUpper(name)), fmt.Sprintf(
			"convert it: keytool -importkeystore -srckeystore FILE -srcstoretype %s -destkeystore FILE.p12 -deststoretype PKCS12", strings.ToUpper(name)))
	case "WINDOWS-ROOT", "WINDOWS-MY", "KEYCHAINSTORE":
		b.refuse(s, "kafkactl does not read the stores of an operating system by name",
			"give a file, or no truststore for the authorities of the system")
	default:
		b.refuse(s, "is none of "+strings.Join(known, ", "), didYouMean(name, known))
	}
}

// keystore reads the client's certificate.
func (b *builder) keystore() Store {
	java := storeKeys{"keystore", "ssl.keystore.location", "ssl.keystore.type", "ssl.keystore.password", "ssl.keystore.certificate.chain"}
	if b.isReplaced("ssl.certificate.location", "ssl.certificate.pem", java) {
		return b.certificate()
	}
	store := b.store(java)
	store.KeyPEM = b.secret("ssl.keystore.key")
	key, hasKey := b.setting("ssl.keystore.key")
	chain, hasChain := b.setting("ssl.keystore.certificate.chain")
	location, hasLocation := b.setting("ssl.keystore.location")
	switch {
	case hasKey && !hasChain:
		b.refuse(key, "is a key without its certificates", "add ssl.keystore.certificate.chain")
	case hasChain && !hasKey:
		b.refuse(chain, "is a certificate without its key", "add ssl.keystore.key")
	case hasLocation && store.Type != "PEM" && !store.Password.IsSet():
		b.refuse(location, "is a keystore without a password, which Kafka refuses",
			"add ssl.keystore.password, or ssl.keystore.type=PEM for a PEM file")
	}
	b.loneKey()
	return store
}

// certificate is librdkafka's pair of certificate and key.
func (b *builder) certificate() Store {
	store := Store{
		Location: b.text("ssl.certificate.location"), PEM: b.secret("ssl.certificate.pem"),
		KeyLocation: b.text("ssl.key.location"), KeyPEM: b.secret("ssl.key.pem"),
	}
	if s, ok := b.setting("ssl.certificate.pem"); ok && store.Location != "" {
		b.refuse(s, "and ssl.certificate.location both give a certificate", "keep one of them")
	}
	if s, ok := b.setting("ssl.key.pem"); ok && store.KeyLocation != "" {
		b.refuse(s, "and ssl.key.location both give a key", "keep one of them")
	}
	if store.KeyLocation == "" && !store.KeyPEM.IsSet() {
		s, ok := b.setting("ssl.certificate.location")
		if !ok {
			s, _ = b.setting("ssl.certificate.pem")
		}
		b.refuse(s, "is a certificate without its key", "add ssl.key.location")
	}
	return store
}

// loneKey is about a key of librdkafka without its certificate.
func (b *builder) loneKey() {
	for _, key := range []string{"ssl.key.location", "ssl.key.pem"} {
		if s, ok := b.setting(key); ok {
			b.refuse(s, "is a key without its certificate", "add ssl.certificate.location")
		}
	}
}
