// Logs in with @platformatic/kafka; see ../logins.js.
'use strict'

const { Consumer, Producer, stringDeserializers, stringSerializers } = require('@platformatic/kafka')
const { brokers, tls, username, run } = require('../logins.js')

async function move(topic, mechanism, password) {
  const sasl = mechanism && { mechanism, username, password }
  const settings = { clientId: 'platformatic', bootstrapBrokers: brokers, tls, sasl, retries: 2, retryDelay: 100 }
  const producer = new Producer({ ...settings, serializers: stringSerializers })
  await producer.send({ messages: [{ topic, value: mechanism ?? 'none' }] })
  await producer.close()
  const consumer = new Consumer({ ...settings, groupId: `${topic}.group`, deserializers: stringDeserializers, maxWaitTime: 100 })
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false })
  let value
  for await (const message of stream) {
    value = message.value
    break
  }
  await consumer.close(true)
  return value
}

// words is the error of the broker, which the client wraps more than once.
function words(error) {
  const causes = []
  const walk = error => {
    if (error.apiId) causes.push(error.apiId)
    for (const cause of [error.cause, ...error.errors ?? []].filter(Boolean)) walk(cause)
  }
  walk(error)
  return causes[0] ?? `${error.code} ${error.message}`
}

run(move, words)
