// Logs in with KafkaJS; see ../logins.js.
'use strict'

const { Kafka, Partitioners, logLevel } = require('kafkajs')
const { brokers, tls, username, run } = require('../logins.js')

async function move(topic, mechanism, password) {
  const sasl = mechanism && { mechanism: mechanism.toLowerCase(), username, password }
  const kafka = new Kafka({ brokers, ssl: tls, sasl, logLevel: logLevel.NOTHING, retry: { retries: 2 } })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({ topic, messages: [{ value: mechanism ?? 'none' }] })
  await producer.disconnect()
  const consumer = kafka.consumer({ groupId: `${topic}.group`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const value = await new Promise((resolve, reject) => {
    consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) }).catch(reject)
  })
  await consumer.disconnect()
  return value
}

run(move, error => error.name)
