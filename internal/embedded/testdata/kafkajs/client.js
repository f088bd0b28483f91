// What a service does with KafkaJS; see ../README.md.
'use strict'

const { Kafka, CompressionTypes, ConfigResourceTypes, Partitioners, logLevel } = require('kafkajs')
const { run, refusal, until } = require('../scenarios.js')

const client = brokers => new Kafka({ clientId: 'kafkajs', brokers, logLevel: logLevel.NOTHING })

// service is the client of producers and consumers, which may log in where the admin does not.
const { KAFKA_BOOTSTRAP_SERVERS: secured, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = process.env
const service = brokers => (username
  ? new Kafka({ clientId: 'kafkajs', brokers: secured.split(','), sasl: { mechanism: 'plain', username, password }, logLevel: logLevel.WARN })
  : client(brokers))

const newProducer = (kafka, options = {}) => kafka.producer({
  createPartitioner: Partitioners.DefaultPartitioner, maxInFlightRequests: 1, ...options,
})

// words is the error of the broker, which KafkaJS wraps.
function words(error) {
  const cause = error.errors?.[0] ?? error.cause ?? error
  return `${cause.type} ${cause.code ?? ''} ${cause.message}`
}

async function withAdmin(brokers, work, options = {}) {
  const admin = client(brokers).admin(options)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

// created makes a topic and waits until it can be used: a real broker learns of it a little later,
// which KafkaJS's own wait takes for an error.
async function created(admin, topic, more = {}) {
  const answer = await admin.createTopics({ waitForLeaders: false, topics: [{ topic, replicationFactor: 1, ...more }] })
  await until(() => admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null), metadata => metadata)
  return answer
}

const createTopics = (brokers, ...topics) => withAdmin(brokers, async admin => {
  for (const [topic, numPartitions] of topics) {
    // Some records are of 1970: a topic would keep them until Kafka looks.
    await created(admin, topic, { numPartitions, configEntries: [{ name: 'retention.ms', value: '-1' }] })
  }
})

// read returns the values of so many records from the start of a topic, in order of offsets, and
// waits until the group has committed them.
async function read(brokers, groupId, topic, count, options = {}) {
  const consumer = service(brokers).consumer({ groupId, maxWaitTimeInMs: 100, ...options })
  const values = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error))
    consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value))
        if (values.length === count) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect() // which commits
  return values
}

async function admin(brokers, topic, say) {
  const orders = topic('orders')
  const settings = async (admin, ...configNames) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: orders, configNames }],
    })
    return resources[0].configEntries.map(e => [e.configName, e.configValue, e.isDefault, e.configSource])
      .sort(([a], [b]) => a.localeCompare(b))
  }
  const partitions = async (admin, name) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    return topics[0].partitions.map(p => [p.partitionId, p.replicas.length, p.isr.length]).sort()
  }
  const create = (admin, topic, more = {}) => refusal(() => admin.createTopics({
    waitForLeaders: false, topics: [{ topic, numPartitions: 1, replicationFactor: 1, ...more }],
  }), words)

  await withAdmin(brokers, async admin => {
    const cluster = await admin.describeCluster()
    say('brokers', cluster.brokers.map(b => `${b.host} ${b.port > 0}`))
    say('controller is one of them', cluster.brokers.some(b => b.nodeId === cluster.controller))
    const configEntries = [{ name: 'retention.ms', value: '86400000' }, { name: 'cleanup.policy', value: 'compact,delete' }]
    say('create', await created(admin, orders, { numPartitions: 3, configEntries }))
    say('create again', await admin.createTopics({ topics: [{ topic: orders }] }))
    say('partitions', await partitions(admin, orders))
    say('settings', await settings(admin, 'retention.ms', 'cleanup.policy', 'max.message.bytes'))
    await created(admin, topic('plain'))
    say('partitions by default', await partitions(admin, topic('plain')))
    await admin.alterConfigs({
      resources: [{ type: ConfigResourceTypes.TOPIC, name: orders, configEntries: [{ name: 'retention.ms', value: '7200000' }] }],
    })
    say('altered', await until(() => settings(admin, 'retention.ms', 'cleanup.policy'), s => s[1][1] === '7200000'))
    await admin.createPartitions({ topicPartitions: [{ topic: orders, count: 4 }] })
    say('grown', (await until(() => partitions(admin, orders), p => p.length === 4)).length)
    say('shrink', await refusal(() => admin.createPartitions({ topicPartitions: [{ topic: orders, count: 2 }] }), words))
    say('validate only', await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [{ topic: topic('never') }] }))
    say('listed', (await admin.listTopics()).filter(name => [orders, topic('plain'), topic('never')].includes(name)).sort())

    say('bad name', await create(admin, topic('bad name!')))
    say('too many replicas', await create(admin, topic('replicas'), { replicationFactor: 9 }))
    say('no partitions', await create(admin, topic('zero'), { numPartitions: 0 }))
    say('unknown setting', await create(admin, topic('unknown'), { configEntries: [{ name: 'nope', value: '1' }] }))
    say('bad value', await create(admin, topic('value'), { configEntries: [{ name: 'retention.ms', value: 'abc' }] }))

    await admin.deleteTopics({ topics: [orders] })
  })
  const repeat = admin => refusal(() => admin.deleteTopics({ topics: [orders] }), words)
  say('delete again', await withAdmin(brokers, repeat, { retry: { retries: 0 } }))
}

async function offsets(brokers, topic, say) {
  const name = topic('offsets')
  const groupId = topic('offsets.group')
  await createTopics(brokers, [name, 1])
  const producer = newProducer(service(brokers), { idempotent: true })
  await producer.connect()
  for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
    const messages = [1, 2, 3, 4, 5].map(n => ({ key: `k${n}`, value: `v${n}`, timestamp: String(1_000_000 * n) }))
    const [sent] = await producer.send({ topic: name, compression, messages })
    say('sent at', sent.baseOffset)
  }
  await producer.disconnect()

  const once = newProducer(service(brokers), { retry: { retries: 0 } }) // it would repeat both for 10 s
  await once.connect()
  const send = (topic, value) => refusal(() => once.send({ topic, messages: [{ key: 'k', value }] }), words)
  say('too large', await send(name, 'x'.repeat(2_000_000)))
  say('undeclared topic', await send(topic('undeclared'), 'v'))
  await once.disconnect()

  await withAdmin(brokers, async admin => {
    say('bounds', await admin.fetchTopicOffsets(name))
    say('by time', await admin.fetchTopicOffsetsByTimestamp(name, 3_000_000))
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '4' }] })
    say('after delete records', await admin.fetchTopicOffsets(name))
    await admin.setOffsets({ groupId, topic: name, partitions: [{ partition: 0, offset: '6' }] })
    say('set', await admin.fetchOffsets({ groupId, topics: [name] }))
    say('read from there', await read(brokers, groupId, name, 4))
    say('committed', await admin.fetchOffsets({ groupId, topics: [name] }))
    say('read', await read(brokers, topic('offsets.other'), name, 6))
    const { groups } = await admin.listGroups()
    say('groups', groups.filter(g => g.groupId === groupId))
    const described = await admin.describeGroups([groupId, topic('offsets.none')])
    say('described', described.groups.map(g => [g.groupId, g.state, g.members.length]).sort())
    say('delete group', await admin.deleteGroups([groupId]))
    say('delete group again', await refusal(() => admin.deleteGroups([groupId]), error => error.groups.map(g => g.errorCode)))
  })
}

async function transactions(brokers, topic, say) {
  const input = topic('txn.in')
  const output = topic('txn.out')
  const consumerGroupId = topic('txn.group')
  await createTopics(brokers, [input, 1], [output, 1])
  const producer = newProducer(service(brokers), { idempotent: true, transactionalId: topic('txn') })
  await producer.connect()
  const send = (transaction, ...values) =>
    transaction.send({ topic: output, messages: values.map(value => ({ key: 'k', value })) })

  const committed = await producer.transaction()
  await send(committed, 'committed 1', 'committed 2')
  await committed.commit()
  const aborted = await producer.transaction()
  await send(aborted, 'aborted 1', 'aborted 2')
  await aborted.sendOffsets({ consumerGroupId, topics: [{ topic: input, partitions: [{ partition: 0, offset: '7' }] }] })
  await aborted.abort()
  await withAdmin(brokers, async admin => {
    say('offsets of the aborted', await admin.fetchOffsets({ groupId: consumerGroupId, topics: [input] }))
  })
  const withOffsets = await producer.transaction()
  await send(withOffsets, 'committed 3')
  await withOffsets.sendOffsets({ consumerGroupId, topics: [{ topic: input, partitions: [{ partition: 0, offset: '9' }] }] })
  await withOffsets.commit()
  const open = await producer.transaction()
  await send(open, 'open')

  say('read committed', await read(brokers, topic('txn.committed'), output, 3))
  say('read uncommitted', await read(brokers, topic('txn.uncommitted'), output, 6, { readUncommitted: true }))
  await open.abort()
  await withAdmin(brokers, async admin => {
    const offsets = () => admin.fetchOffsets({ groupId: consumerGroupId, topics: [input] })
    say('offsets of the committed', await until(offsets, ([{ partitions: [{ offset }] }]) => offset !== '-1'))
    say('bounds', await until(() => admin.fetchTopicOffsets(output), ([{ high }]) => high === '10')) // six records, four markers
  })
  await producer.disconnect()
}

async function fenced(brokers, topic, say) {
  const name = topic('fenced')
  await createTopics(brokers, [name, 2])
  const start = async () => {
    const producer = newProducer(service(brokers), { idempotent: true, transactionalId: topic('fenced') })
    await producer.connect()
    return producer
  }
  const messages = [{ key: 'k', value: 'v', partition: 0 }]
  const old = await start()
  const first = await old.transaction()
  await first.send({ topic: name, messages })
  const young = await start()
  const second = await young.transaction()
  await second.send({ topic: name, messages: [{ key: 'k', value: 'young', partition: 0 }] })
  say('a new partition', await refusal(() => first.send({ topic: name, messages: [{ ...messages[0], partition: 1 }] }), words))
  say('a known partition', await refusal(() => first.send({ topic: name, messages }), words))
  say('commit', await refusal(() => first.commit(), words))
  await second.commit()
  say('read committed', await read(brokers, topic('fenced.group'), name, 1))
  await young.disconnect()
  await old.disconnect()
}

async function rebalance(brokers, topic, say) {
  const name = topic('rebalance')
  const groupId = topic('rebalance.group')
  await createTopics(brokers, [name, 4])
  const counts = new Map()
  const join = async member => {
    const consumer = service(brokers).consumer({ groupId, heartbeatInterval: 100, maxWaitTimeInMs: 100 })
    const state = { consumer, partitions: [] }
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { state.partitions = payload.memberAssignment[name] ?? [] })
    await consumer.connect()
    await consumer.subscribe({ topics: [name], fromBeginning: true })
    await consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async ({ message }) => { counts.set(String(message.value), [...counts.get(String(message.value)) ?? [], member]) },
    })
    return state
  }
  const producer = newProducer(service(brokers), { idempotent: true })
  await producer.connect()
  let sent = 0
  const committed = () => withAdmin(brokers, async admin => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [name] })
    return partitions.map(p => p.offset)
  })
  const send = async value => {
    await producer.send({ topic: name, messages: [0, 1, 2, 3].map(partition => ({ partition, value: `${value} ${partition}` })) })
    await until(() => [0, 1, 2, 3].filter(p => counts.has(`${value} ${p}`)).length, n => n === 4)
    sent++
    await until(committed, offsets => offsets.every(offset => offset >= sent)) // or the next member reads them again
    return [...new Set([0, 1, 2, 3].flatMap(p => counts.get(`${value} ${p}`)))].sort()
  }
  const assigned = (...members) => until(
    () => members.map(m => m.partitions.length), counts => counts.every(c => c === 4 / members.length))

  const a = await join('a')
  say('one member', await assigned(a))
  say('read by', await send('first'))
  const b = await join('b')
  say('two members', await assigned(a, b))
  say('all partitions', [...a.partitions, ...b.partitions].sort())
  say('read by', await send('second'))
  await withAdmin(brokers, async admin => {
    const { groups: [group] } = await admin.describeGroups([groupId])
    say('described', [group.state, group.protocolType, group.protocol, group.members.map(m => m.clientId)])
    say('delete group', await refusal(() => admin.deleteGroups([groupId]), error => error.groups.map(g => g.errorCode)))
  })
  await b.consumer.disconnect()
  say('one left', await assigned(a))
  say('read by', await send('third'))
  await a.consumer.disconnect()
  await producer.disconnect()
  say('committed', await committed())
  say('read once', [...counts.values()].every(members => members.length === 1))
}

run({ admin, offsets, transactions, fenced, rebalance })
