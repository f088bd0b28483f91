package properties

import (
	"fmt"
	"strings"
)

// JAAS returns the sasl.jaas.config of a user who logs in by PLAIN or SCRAM. It holds the password, and may only go where
// that may.
func JAAS(mechanism, user string, password Secret) Secret {
	module := "scram.ScramLoginModule"
	if mechanism == Plain {
		module = "plain.PlainLoginModule"
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	return NewSecret(fmt.Sprintf(`org.apache.kafka.common.security.%s required username="%s" password="%s";`,
		module, quoted.Replace(user), quoted.Replace(password.Reveal())))
}
