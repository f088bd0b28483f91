// What a service does with @platformatic/kafka; see ../README.md.
'use strict'

const { Admin, ConfigResourceTypes, Consumer, FetchIsolationLevels, GroupProtocols, Producer, stringDeserializers, stringSerializers } = require('@platformatic/kafka')
const { run, refusal, until } = require('../scenarios.js')

const base = bootstrapBrokers => ({ clientId: 'platformatic', bootstrapBrokers, retries: 10, retryDelay: 100 })

const newProducer = (brokers, options = {}) => new Producer({ ...base(brokers), serializers: stringSerializers, ...options })

// words is the errors of the broker, which the client wraps more than once.
function words(error) {
  const causes = []
  const walk = error => {
    if (error.apiId) causes.push(error.apiId)
    for (const cause of [error.cause, ...error.errors ?? []].filter(Boolean)) walk(cause)
  }
  walk(error)
  return causes.length > 0 ? [...new Set(causes)] : `${error.code} ${error.message}`
}

async function withAdmin(brokers, work) {
  const admin = new Admin(base(brokers))
  try {
    return await work(admin)
  } finally {
    await admin.close()
  }
}

// read returns the values of so many records from the start of a topic, and commits.
async function read(brokers, groupId, topic, count, options = {}) {
  const consumer = new Consumer({ ...base(brokers), groupId, deserializers: stringDeserializers, maxWaitTime: 100, ...options })
  const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false })
  const values = []
  for await (const message of stream) {
    values.push(message.value)
    await message.commit()
    if (values.length === count) break
  }
  await consumer.close(true)
  return values
}

async function admin(brokers, topic, say) {
  const orders = topic('orders')
  await withAdmin(brokers, async admin => {
    const create = (name, more = {}) => admin.createTopics({ topics: [name], partitions: 1, replicas: 1, ...more })
    const configs = [{ name: 'retention.ms', value: '86400000' }, { name: 'cleanup.policy', value: 'compact' }]
    const [created] = await create(orders, { partitions: 3, configs })
    say('create', [created.name, created.partitions, created.replicas,
      created.configuration['retention.ms'], created.configuration['cleanup.policy'], created.configuration['max.message.bytes']])
    say('has an id', /^[0-9a-f-]{36}$/.test(created.id))
    const [plain] = await create(topic('plain'), { partitions: -1, replicas: -1 })
    say('by default', [plain.partitions, plain.replicas])
    say('create again', await refusal(() => create(orders), words))
    say('unknown setting', await refusal(() => create(topic('unknown'), { configs: [{ name: 'nope', value: '1' }] }), words))
    say('bad name', await refusal(() => create(topic('bad name!')), words))
    const settings = async (...configurationKeys) => {
      const [{ configs }] = await admin.describeConfigs({
        resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: orders, configurationKeys }],
      })
      return configs.map(c => [c.name, c.value, c.configSource]).sort()
    }
    say('settings', await settings('retention.ms', 'cleanup.policy', 'max.message.bytes'))
    await admin.incrementalAlterConfigs({
      resources: [{
        resourceType: ConfigResourceTypes.TOPIC, resourceName: orders,
        configs: [{ name: 'retention.ms', configOperation: 0, value: '7200000' }, { name: 'cleanup.policy', configOperation: 1, value: null }],
      }],
    })
    say('altered', await until(() => settings('retention.ms', 'cleanup.policy'), s => s[1][1] === '7200000'))
    await admin.createPartitions({ topics: [{ name: orders, count: 4, assignments: null }] })
    say('grown', (await until(() => admin.metadata({ topics: [orders], forceUpdate: true }), m => m.topics.get(orders).partitions.length === 4)) && 4)
    const listed = await until(() => admin.listTopics(), names => names.includes(topic('plain')))
    say('listed', listed.filter(name => [orders, topic('plain'), topic('unknown')].includes(name)).sort())
    await admin.deleteTopics({ topics: [orders] })
    say('delete again', await refusal(() => admin.deleteTopics({ topics: [orders] }), words))
  })
}

async function transactions(brokers, topic, say) {
  const name = topic('txn')
  const input = topic('txn.in')
  const groupId = topic('txn.group')
  await withAdmin(brokers, async admin => {
    await admin.createTopics({ topics: [name, input], partitions: 1, replicas: 1 })
    await until(() => admin.metadata({ topics: [name, input], forceUpdate: true }).catch(() => null), metadata => metadata)
  })
  const producer = newProducer(brokers, { idempotent: true, transactionalId: topic('txn.id') })
  const send = (sender, topic, ...values) => sender.send({ messages: values.map(value => ({ topic, key: 'k', value })) })

  const committed = await producer.beginTransaction()
  await send(committed, name, 'committed 1', 'committed 2')
  await committed.commit()
  const aborted = await producer.beginTransaction()
  await send(aborted, name, 'aborted 1', 'aborted 2')
  await aborted.abort()

  const plain = newProducer(brokers)
  await send(plain, input, 'in 1', 'in 2')
  await plain.close()
  const consumer = new Consumer({ ...base(brokers), groupId, deserializers: stringDeserializers, maxWaitTime: 100 })
  const stream = await consumer.consume({ topics: [input], mode: 'earliest', autocommit: false })
  const piped = await producer.beginTransaction()
  await piped.addConsumer(consumer)
  let left = 2
  for await (const message of stream) {
    await send(piped, name, `piped ${message.value}`)
    await piped.addOffset(message)
    if (--left === 0) break
  }
  await piped.commit()
  const offsets = async () => [...(await consumer.listCommittedOffsets({ topics: [{ topic: input, partitions: [0] }] })).values()]
  say('committed with it', String(await until(offsets, ([[offset]]) => offset >= 0))) // the markers are written after the answer
  await consumer.close(true)
  await producer.close()

  const isolation = isolationLevel => ({ isolationLevel })
  say('read committed', await read(brokers, topic('txn.committed'), name, 4, isolation(FetchIsolationLevels.READ_COMMITTED)))
  say('read uncommitted', await read(brokers, topic('txn.uncommitted'), name, 6, isolation(FetchIsolationLevels.READ_UNCOMMITTED)))
}

// group is two members of one group, in either protocol.
const group = (groupProtocol, options) => async (brokers, topic, say) => {
  const name = topic(`group.${groupProtocol}`)
  const groupId = name
  const join = async () => {
    const consumer = new Consumer({
      ...base(brokers), groupId, groupProtocol, deserializers: stringDeserializers, maxWaitTime: 100, ...options,
    })
    return { consumer, stream: await consumer.consume({ topics: [name], mode: 'committed', fallbackMode: 'earliest', autocommit: false }) }
  }
  const partitions = ({ consumer }) => (consumer.assignments ?? []).flatMap(a => a.partitions)
  const assigned = async (...members) => {
    await until(() => members.map(m => partitions(m).length), counts => counts.every(c => c === 4 / members.length))
    return members.flatMap(partitions).sort()
  }

  await withAdmin(brokers, async admin => {
    await admin.createTopics({ topics: [name], partitions: 4, replicas: 1 })
    await until(() => admin.metadata({ topics: [name], forceUpdate: true }).catch(() => null), metadata => metadata)
    const producer = newProducer(brokers, { idempotent: true })
    await producer.send({ messages: [0, 1, 2, 3].map(partition => ({ topic: name, partition, key: 'k', value: `v${partition}` })) })
    await producer.close()

    const a = await join()
    say('one member', await assigned(a))
    const values = []
    a.stream.on('data', async message => { // the end of a loop over the stream would end the member
      await message.commit()
      values.push(message.value)
    })
    say('read', (await until(() => values, values => values.length === 4)).sort())
    const b = await join()
    say('two members', await assigned(a, b))
    const listed = await until(() => admin.listGroups({ types: [groupProtocol] }), groups => groups.get(groupId)?.state === 'STABLE')
    say('listed', [listed.get(groupId).groupType, listed.get(groupId).protocolType])
    await b.consumer.close(true)
    say('one left', await assigned(a))
    await a.stream.close() // first: a fetch that begins while its consumer closes is an error of the stream
    await a.consumer.close(true)
    const [offsets] = await admin.listConsumerGroupOffsets({ groups: [groupId] })
    say('committed', offsets.topics.flatMap(t => t.partitions.map(p => String(p.committedOffset))))
    await admin.deleteGroups({ groups: [groupId] })
    say('listed after delete', (await admin.listGroups()).has(groupId))
  })
}

run({
  admin,
  transactions,
  'classic group': group(GroupProtocols.CLASSIC, { heartbeatInterval: 200 }),
  'consumer group': group(GroupProtocols.CONSUMER, {}), // KIP-848: every 5 s the brokers say what is new
})
