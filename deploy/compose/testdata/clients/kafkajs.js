// Logs in with KafkaJS, writes a record, reads it as a member of a group: kafkajs.js BROKERS CA USER PASSWORDFILE TOPIC GROUP
'use strict'

const fs = require('fs')
const { Kafka, Partitioners, logLevel } = require('kafkajs')

async function main([, , brokers, ca, username, passwordFile, topic, groupId]) {
  const kafka = new Kafka({
    brokers: brokers.split(','),
    ssl: { ca: [fs.readFileSync(ca, 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username, password: fs.readFileSync(passwordFile, 'utf8').trimEnd() },
    logLevel: logLevel.ERROR,
  })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({ topic, messages: [{ value: groupId }] })
  await producer.disconnect()

  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('not read')), 60_000).unref()
    // It begins again by itself while the coordinator of the first group loads.
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
    consumer.run({
      eachMessage: async ({ message }) => {
        if (message.value.toString() === groupId) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
}

main(process.argv).catch(error => {
  console.error(error)
  process.exit(1)
})
