import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** Asks about groups and transactions that it makes itself, in topics of {@link AdminCalls}. */
final class GroupCalls {
    private static final TopicPartition ORDERS = new TopicPartition("admin-orders", 0);
    private static final TopicPartition USERS = new TopicPartition("admin-users", 0);

    private final Clients clients;
    private final Admin admin;

    GroupCalls(Clients clients, Admin admin) {
        this.clients = clients;
        this.admin = admin;
    }

    void groups() throws Exception {
        try (var consumer = clients.consumer("admin-left")) {
            consumer.assign(List.of(ORDERS));
            consumer.commitSync(Map.of(ORDERS, new OffsetAndMetadata(5)));
        }
        for (String protocol : List.of("classic", "consumer")) {
            try (var consumer = clients.consumer("admin-live-" + protocol, Map.of("group.protocol", protocol))) {
                consumer.subscribe(List.of("admin-orders"));
                Facts.await("an assignment", () -> {
                    consumer.poll(Duration.ofMillis(100));
                    return !consumer.assignment().isEmpty();
                });
                consumer.commitSync();
                Facts.await("a stable group",
                    () -> describe("admin-live-" + protocol).groupState() == GroupState.STABLE);
                listGroups("admin-live-" + protocol, "admin-left");
                var group = describe("admin-live-" + protocol);
                Facts.say("described: %s, %s, %d member with %d partitions", group.groupState(), group.type(),
                    group.members().size(), group.members().iterator().next().assignment().topicPartitions().size());
            }
        }
        commitsOfGroups();
        Facts.say("delete the groups: %s", Facts.outcome(() -> {
            admin.deleteConsumerGroups(List.of("admin-left", "admin-live-classic", "admin-live-consumer")).all().get();
            return "done";
        }));
        listGroups("admin-left", "admin-live-classic", "admin-live-consumer");
    }

    private void commitsOfGroups() throws Exception {
        var moved = Map.of(ORDERS, new OffsetAndMetadata(7, "by hand"));
        admin.alterConsumerGroupOffsets("admin-left", moved).all().get();
        var commits = admin.listConsumerGroupOffsets("admin-left").partitionsToOffsetAndMetadata().get();
        Facts.say("commits of admin-left: %s", commits.entrySet().stream()
            .map(e -> e.getKey() + " at " + e.getValue().offset() + " " + e.getValue().metadata()).toList());
        var left = describe("admin-left");
        Facts.say("described: %s, %d members", left.groupState(), left.members().size());
        admin.deleteConsumerGroupOffsets("admin-left", Set.of(ORDERS)).all().get();
        Facts.say("commits of admin-left: %s",
            admin.listConsumerGroupOffsets("admin-left").partitionsToOffsetAndMetadata().get());
        Facts.say("describe, no such group: %s", Facts.outcome(() -> describe("admin-absent")));
    }

    private ConsumerGroupDescription describe(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    /** Lists groups in each of the ways there are, of those named. */
    @SuppressWarnings("removal")
    private void listGroups(String... names) throws Exception {
        var wanted = Arrays.asList(names);
        Facts.say("listConsumerGroups: %s", admin.listConsumerGroups().all().get().stream()
            .filter(g -> wanted.contains(g.groupId()))
            .map(g -> g.groupId() + " " + g.groupState().get() + " " + g.type().get() + " simple: "
                + g.isSimpleConsumerGroup())
            .sorted().toList());
        for (var options : List.of(new ListGroupsOptions(), ListGroupsOptions.forConsumerGroups())) {
            Facts.say("listGroups: %s", admin.listGroups(options).all().get().stream()
                .filter(g -> wanted.contains(g.groupId()))
                .map(g -> g.groupId() + " " + g.groupState().get() + " " + g.type().get() + " '" + g.protocol() + "'")
                .sorted().toList());
        }
    }

    void transactions() throws Exception {
        Map<String, Object> config = Map.of("transactional.id", "admin-transfers");
        try (var first = clients.producer(config); var second = clients.producer(config);
            var consumer = clients.consumer("admin-reader")) {
            first.initTransactions();
            first.beginTransaction();
            first.send(new ProducerRecord<>("admin-users", 0, "k", "aborted"));
            first.flush();
            first.abortTransaction();
            first.beginTransaction();
            first.send(new ProducerRecord<>("admin-users", 0, "k", "committed")).get();
            consumer.assign(List.of(ORDERS));
            first.sendOffsetsToTransaction(Map.of(ORDERS, new OffsetAndMetadata(9)), consumer.groupMetadata());
            openTransaction();
            first.commitTransaction();
            first.beginTransaction();
            first.send(new ProducerRecord<>("admin-users", 0, "k", "fenced")).get();
            second.initTransactions();
            Facts.say("the fenced producer: %s", Facts.outcome(() -> {
                first.send(new ProducerRecord<>("admin-users", 0, "k", "too late")).get();
                first.commitTransaction();
                return "not fenced";
            }));
            second.beginTransaction();
            second.send(new ProducerRecord<>("admin-users", 0, "k", "last"));
            second.commitTransaction();
        }
        Facts.say("committed offset: %d",
            admin.listConsumerGroupOffsets("admin-reader").partitionsToOffsetAndMetadata().get().get(ORDERS).offset());
        Facts.say("read_committed: %s", readCommitted());
        Facts.say("fence: %s", Facts.outcome(() -> {
            admin.fenceProducers(List.of("admin-transfers")).all().get();
            return "done";
        }));
    }

    private void openTransaction() throws Exception {
        Facts.say("transactions: %s", admin.listTransactions().all().get().stream()
            .filter(t -> AdminCalls.ours(t.transactionalId()))
            .map(t -> t.transactionalId() + " " + t.state()).toList());
        var transaction = admin.describeTransactions(List.of("admin-transfers")).description("admin-transfers").get();
        Facts.say("described: %s, %s", transaction.state(), transaction.topicPartitions().stream()
            .map(TopicPartition::toString).filter(p -> !p.startsWith("__")).toList());
        Facts.say("producers of admin-users/0: %s", admin.describeProducers(List.of(USERS)).partitionResult(USERS).get()
            .activeProducers().stream().map(p -> "sequence " + p.lastSequence() + ", in a transaction: "
                + p.currentTransactionStartOffset().isPresent()).toList());
    }

    private List<String> readCommitted() {
        var values = new ArrayList<String>();
        try (var consumer = clients.consumer("admin-reader")) {
            consumer.assign(List.of(USERS));
            consumer.seekToBeginning(List.of(USERS));
            Facts.await("the last record", () -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
                return values.contains("last");
            });
        }
        return values;
    }
}
