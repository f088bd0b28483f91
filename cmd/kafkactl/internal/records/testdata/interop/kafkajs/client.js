// Writes records with KafkaJS, or reads them; see ../README.md.
'use strict'

const { Kafka, CompressionTypes, CompressionCodecs, Partitioners, logLevel } = require('kafkajs')
const snappy = require('kafkajs-snappy')
const lz4 = require('lz4-napi')
const zstd = require('@bokuweb/zstd-wasm')

// KafkaJS itself has gzip only; the others are the application's to plug in.
CompressionCodecs[CompressionTypes.Snappy] = snappy
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: encoder => lz4.compressFrame(encoder.buffer),
  decompress: buffer => lz4.decompressFrame(buffer),
})
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async encoder => Buffer.from(zstd.compress(encoder.buffer)),
  decompress: async buffer => Buffer.from(zstd.decompress(buffer)),
})
const codecs = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

const patience = 60_000 // for all records to come

const bytes = base64 => (base64 === null ? null : Buffer.from(base64, 'base64'))
const base64 = bytes => (bytes === null ? null : bytes.toString('base64'))

// KafkaJS has headers as an object: a name that is there several times has a list.
function toHeaders(list) {
  const headers = {}
  for (const { key, value } of list) {
    headers[key] = [...(headers[key] ?? []), bytes(value)]
  }
  return headers
}

function fromHeaders(headers) {
  return Object.entries(headers).flatMap(([key, values]) =>
    [values].flat().map(value => ({ key, value: base64(value) })))
}

async function write(kafka, targets) {
  const lines = require('fs').readFileSync(0, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))
  const messages = lines.map(({ partition, timestamp, key, value, headers }) => ({
    partition,
    timestamp: String(timestamp),
    key: bytes(key),
    value: bytes(value),
    headers: toHeaders(headers),
  }))
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  for (const [topic, codec] of targets) {
    await producer.send({ topic, compression: codecs[codec], messages })
  }
  await producer.disconnect()
}

async function read(kafka, targets) {
  const missing = new Map(targets.map(([topic, count]) => [topic, Number(count)]))
  // KafkaJS reads only as a member of a group.
  const consumer = kafka.consumer({ groupId: `interop-kafkajs-${process.pid}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [...missing.keys()], fromBeginning: true })
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`not read: ${JSON.stringify([...missing])}`)), patience).unref()
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer.run({
      eachMessage: async ({ topic, partition, message: { timestamp, key, value, headers } }) => {
        console.log(JSON.stringify({
          topic,
          partition,
          timestamp: Number(timestamp),
          key: base64(key),
          value: base64(value),
          headers: fromHeaders(headers),
        }))
        missing.set(topic, missing.get(topic) - 1)
        if ([...missing.values()].every(count => count <= 0)) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
}

async function main([, , verb, brokers, ...targets]) {
  await zstd.init()
  const kafka = new Kafka({ clientId: 'interop', brokers: brokers.split(','), logLevel: logLevel.ERROR })
  await { write, read }[verb](kafka, targets.map(target => target.split('=')))
}

main(process.argv).catch(error => {
  console.error(error)
  process.exit(1)
})
