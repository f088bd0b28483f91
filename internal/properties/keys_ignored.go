package properties

// ignoredByJava are keys of Java's clients (AdminClientConfig, ConsumerConfig and ProducerConfig of
// 4.3.1, and one of 3.9 that 4.0 removed) which change nothing here.
const ignoredByJava = `
allow.auto.create.topics auto.commit.interval.ms auto.offset.reset batch.size buffer.memory check.crcs
client.dns.lookup client.rack compression.gzip.level compression.lz4.level compression.zstd.level
connections.max.idle.ms delivery.timeout.ms enable.auto.commit enable.idempotence enable.metrics.push
exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.id group.instance.id group.protocol
group.remote.assignor heartbeat.interval.ms interceptor.classes internal.throw.on.fetch.stable.offset.unsupported
key.deserializer key.serializer linger.ms max.block.ms max.in.flight.requests.per.connection
max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size metadata.max.age.ms
metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters
metrics.num.samples metrics.recording.level metrics.sample.window.ms partition.assignment.strategy
partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms partitioner.class
partitioner.ignore.keys receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms retries
retry.backoff.max.ms retry.backoff.ms sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds
sasl.login.refresh.window.factor sasl.login.refresh.window.jitter sasl.oauthbearer.clock.skew.seconds
sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer sasl.oauthbearer.jwks.endpoint.refresh.ms
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope.claim.name
sasl.oauthbearer.sub.claim.name send.buffer.bytes session.timeout.ms share.acknowledgement.mode share.acquire.mode
ssl.secure.random.implementation transaction.timeout.ms transaction.two.phase.commit.enable transactional.id
value.deserializer value.serializer
auto.include.jmx.reporter
`

// ignoredByLibrdkafka are those of librdkafka.
const ignoredByLibrdkafka = `
api.version.fallback.ms api.version.request api.version.request.timeout.ms auto.commit.enable background_event_cb
batch.num.messages broker.address.family broker.address.ttl broker.version.fallback builtin.features closesocket_cb
compression.level connect_cb consume.callback.max.messages consume_cb coordinator.query.interval.ms debug
default_topic_conf delivery.report.only.error dr_cb dr_msg_cb enable.auto.offset.store enable.gapless.guarantee
enable.partition.eof enable.random.seed enabled_events error_cb fetch.error.backoff.ms fetch.message.max.bytes
fetch.queue.backoff.ms fetch.wait.max.ms group.protocol.type interceptors internal.termination.signal
log.connection.close log.queue log.thread.name log_cb log_level max.in.flight message.copy.max.bytes
message.max.bytes message.send.max.retries message.timeout.ms msg_order_cmp oauthbearer_token_refresh_cb
offset.store.method offset.store.path offset.store.sync.interval.ms offset_commit_cb opaque open_cb partitioner
partitioner_cb plugin.library.paths produce.offset.report queue.buffering.backpressure.threshold
queue.buffering.max.kbytes queue.buffering.max.messages queue.buffering.max.ms queued.max.messages.kbytes
queued.min.messages queuing.strategy rebalance_cb receive.message.max.bytes reconnect.backoff.jitter.ms resolve_cb
socket.blocking.max.ms socket.keepalive.enable socket.max.fails socket.nagle.disable socket.receive.buffer.bytes
socket.send.buffer.bytes socket_cb ssl.ca.certificate.stores ssl.certificate.verify_cb ssl.sigalgs.list
statistics.interval.ms stats_cb sticky.partitioning.linger.ms throttle_cb topic.blacklist
topic.metadata.propagation.max.ms topic.metadata.refresh.fast.cnt topic.metadata.refresh.fast.interval.ms
topic.metadata.refresh.interval.ms topic.metadata.refresh.sparse
`

// ignoredPrefixes begin the keys of other programs that read the same file: those of schema
// registries and of Confluent's interceptors.
const ignoredPrefixes = "schema.registry. basic.auth. bearer.auth. confluent. metrics.context."
