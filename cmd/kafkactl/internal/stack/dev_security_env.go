package stack

import "strings"

// text says which files there are for clients.
func (d *devSecured) text() string {
	files := []string{clientName + ".properties"}
	if d.tls {
		files = append(files, "ca.crt")
	}
	if d.clientAuth {
		files = append(files, clientName+".crt", clientName+".key")
	}
	for _, user := range d.userFiles() {
		files = append(files, user.name+".password")
	}
	return string(d.protocol()) + ": files for clients in " + d.files.dir + ": " + strings.Join(files, ", ")
}

// variables are those of a command that is run, in the names that its language is likely to have.
func (d *devSecured) variables() [][2]string {
	variables := [][2]string{
		{"KAFKACTL_CONFIG", d.path(clientName + ".properties")},
		{"KAFKA_SECURITY_PROTOCOL", string(d.protocol())},
		{"SPRING_KAFKA_SECURITY_PROTOCOL", string(d.protocol())},
	}
	if d.sasl {
		user := d.first()
		variables = append(variables,
			[2]string{"KAFKA_SASL_MECHANISM", d.mechanism}, [2]string{"KAFKA_SASL_USERNAME", user},
			[2]string{"KAFKA_SASL_PASSWORD", d.passwords[user]}, [2]string{"KAFKA_SASL_PASSWORD_FILE", d.path(user + ".password")},
			[2]string{"SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", d.mechanism}, [2]string{"SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", d.jaas(user)})
	}
	if d.tls {
		variables = append(variables, [2]string{"KAFKA_SSL_CA_LOCATION", d.path("ca.crt")},
			[2]string{"SPRING_KAFKA_SSL_TRUST_STORE_TYPE", "PEM"}, [2]string{"SPRING_KAFKA_SSL_TRUST_STORE_LOCATION", "file:" + d.path("ca.crt")})
	}
	if d.clientAuth {
		variables = append(variables, [2]string{"KAFKA_SSL_CERTIFICATE_LOCATION", d.path(clientName + ".crt")},
			[2]string{"KAFKA_SSL_KEY_LOCATION", d.path(clientName + ".key")},
			[2]string{"SPRING_KAFKA_SSL_KEY_STORE_TYPE", "PEM"}, [2]string{"SPRING_KAFKA_SSL_KEY_STORE_LOCATION", "file:" + d.path(clientName+".pem")})
	}
	return variables
}
