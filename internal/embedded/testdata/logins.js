// Logs in to a secured Kafka with what `kafkactl dev` puts into the environment; see README.md.
'use strict'

const { readFileSync } = require('node:fs')

const env = process.env
const file = name => (env[name] ? readFileSync(env[name], 'utf8') : undefined)

const brokers = env.KAFKA_BOOTSTRAP_SERVERS.split(',')
const tls = { ca: [file('KAFKA_SSL_CA_LOCATION')], cert: file('KAFKA_SSL_CERTIFICATE_LOCATION'), key: file('KAFKA_SSL_KEY_LOCATION') }
const username = env.KAFKA_SASL_USERNAME

// run calls move with a topic, a mechanism and a password, for each right way to log in and for wrong passwords;
// move sends a record with the mechanism as its value, and returns what it reads. Without SASL there is no
// mechanism. It prints what came of it, or words of the error.
async function run(move, words) {
  const password = env.KAFKA_SASL_PASSWORD
  const ways = env.KAFKA_SECURITY_PROTOCOL.startsWith('SASL')
    ? [
        ...['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'].map(m => [m, m, password]),
        ...['PLAIN', 'SCRAM-SHA-512'].map(m => [`wrong ${m}`, m, 'wrong']),
      ]
    : [['certificate']]
  const lines = await Promise.all(ways.map(async ([what, mechanism, password]) => {
    try {
      return `${what}: ${await move(`${process.argv[2]}.${mechanism ?? 'none'}`, mechanism, password)}`
    } catch (error) {
      return `${what}: ${words(error)}`
    }
  }))
  console.log(lines.join('\n'))
  process.exit(0)
}

module.exports = { brokers, tls, username, run }
