package accessadmin

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/properties"
)

// The iterations that brokers take (org.apache.kafka.common.security.scram.internals.ScramMechanism, ScramFormatter).
const (
	leastIterations = 4096
	mostIterations  = 16384
)

// saltLength is in bytes: longer than Kafka's own tools make it.
const saltLength = 24

// upsertion is a SCRAM credential as KIP-554 sends it: the brokers get the salted password and never the password. Kafka's
// clients take passwords as they are, without SASLprep.
func upsertion(l login, iterations int) (kmsg.AlterUserSCRAMCredentialsRequestUpsertion, error) {
	upsert := kmsg.NewAlterUserSCRAMCredentialsRequestUpsertion()
	upsert.Name, upsert.Mechanism, upsert.Iterations = l.user, mechanisms()[l.mechanism], int32(iterations)
	upsert.Salt = make([]byte, saltLength)
	_, _ = rand.Read(upsert.Salt) // which never fails: it ends the process instead
	var newHash func() hash.Hash
	switch l.mechanism {
	case properties.ScramSHA256:
		newHash = sha256.New
	case properties.ScramSHA512:
		newHash = sha512.New
	default:
		return upsert, fmt.Errorf("unknown mechanism %q", l.mechanism)
	}
	salted, err := pbkdf2.Key(newHash, l.password.Reveal(), upsert.Salt, iterations, newHash().Size())
	upsert.SaltedPassword = salted
	return upsert, err
}
