'use strict'

const assert = require('node:assert')
const fs = require('node:fs')
const { Kafka, logLevel } = require('kafkajs')

const say = line => fs.appendFileSync(process.env.LOG, line + '\n')

async function main() {
  const kafka = new Kafka({ brokers: process.env.KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'orders', messages: [{ value: 'one' }] })
  await producer.disconnect()

  const consumer = kafka.consumer({ groupId: 'service' })
  const leave = async () => {
    await consumer.disconnect()
    say('left')
  }
  let stop
  const stopped = new Promise(resolve => { stop = resolve })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      say('signal')
      if (process.env.THEN !== 'deaf') stop()
    })
  }
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  const value = await new Promise((resolve, reject) => {
    consumer.run({ eachMessage: async ({ message }) => resolve(message.value.toString()) }).catch(reject)
  })
  assert.strictEqual(value, 'one')
  say('ready')
  if (['hang', 'deaf'].includes(process.env.THEN)) {
    await stopped
    process.exitCode = 9
  }
  await leave()
  assert.notStrictEqual(process.env.THEN, 'fail')
}

main().catch(err => {
  console.error(err)
  process.exit(1)
})
