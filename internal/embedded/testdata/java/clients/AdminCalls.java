import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/**
 * Asks brokers with Kafka's own Admin and prints what they answer, a fact a line. What differs between any two
 * clusters (ids, times, addresses) is not printed.
 */
public final class AdminCalls {
    private static final List<String> SETTINGS = List.of("cleanup.policy", "compression.type", "max.message.bytes",
        "retention.bytes", "retention.ms");

    private final Clients clients;
    private final Admin admin;

    private AdminCalls(Clients clients, Admin admin) {
        this.clients = clients;
        this.admin = admin;
    }

    public static void main(String[] args) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            var clients = new Clients(args[0]);
            var calls = new AdminCalls(clients, admin);
            calls.cluster();
            calls.createTopics();
            calls.describeTopics();
            calls.configs();
            calls.partitions();
            calls.records();
            var groups = new GroupCalls(clients, admin);
            groups.groups();
            groups.transactions();
            calls.quotas();
            calls.deleteTopics();
        }
    }

    private void cluster() throws Exception {
        var cluster = admin.describeCluster();
        var nodes = cluster.nodes().get();
        Facts.say("cluster: %d node, the controller is one of them: %s, has an id: %s", nodes.size(),
            nodes.contains(cluster.controller().get()), !cluster.clusterId().get().isEmpty());
    }

    private void createTopics() throws Exception {
        create("all left to the brokers", new NewTopic("admin-plain", Optional.empty(), Optional.empty()));
        create("the same again", new NewTopic("admin-plain", Optional.empty(), Optional.empty()));
        create("a factor of -1", new NewTopic("admin-orders", 3, (short) -1));
        create("with settings", new NewTopic("admin-users", 2, (short) 1)
            .configs(Map.of("cleanup.policy", "compact,delete", "retention.ms", "3600000")));
        create("assigned by hand", new NewTopic("admin-assigned", Map.of(0, List.of(broker()), 1, List.of(broker()))));
        create("a factor beyond the brokers", new NewTopic("admin-three", 1, (short) 3));
        var dry = new CreateTopicsOptions().validateOnly(true);
        var dryTopic = new NewTopic("admin-dry", 4, (short) 1);
        Facts.say("create, only validated: %s",
            Facts.outcome(() -> admin.createTopics(List.of(dryTopic), dry).all().get()));
        // A broker answers before it shows what it made.
        Facts.await("the topics", () -> names().size() == 4);
        Facts.say("topics: %s", names());
    }

    private void create(String what, NewTopic topic) {
        Facts.say("create, %s: %s", what, Facts.outcome(() -> {
            var result = admin.createTopics(List.of(topic));
            Config config = result.config(topic.name()).get();
            boolean hasId = !result.topicId(topic.name()).get().toString().equals("AAAAAAAAAAAAAAAAAAAAAA");
            return "partitions " + result.numPartitions(topic.name()).get() + ", factor "
                + result.replicationFactor(topic.name()).get() + ", has an id: " + hasId + settings(config);
        }));
    }

    private void describeTopics() throws Exception {
        var names = List.of("admin-assigned", "admin-orders", "admin-plain", "admin-users");
        var byName = admin.describeTopics(names).allTopicNames().get();
        byName.keySet().stream().sorted().forEach(name -> describe(byName.get(name)));
        var ids = byName.values().stream().map(TopicDescription::topicId).toList();
        var byId = admin.describeTopics(TopicCollection.ofTopicIds(ids)).allTopicIds().get();
        Facts.say("described by id: %s", byId.values().stream().map(TopicDescription::name).sorted().toList());
        Facts.say("describe, no such topic: %s",
            Facts.outcome(() -> admin.describeTopics(List.of("admin-absent")).allTopicNames().get()));
    }

    private void describe(TopicDescription topic) {
        for (var partition : topic.partitions()) {
            Facts.say("described %s/%d: led: %s, replicas %d, in sync %d, internal: %s",
                topic.name(), partition.partition(), partition.leader() != null && !partition.leader().isEmpty(),
                partition.replicas().size(), partition.isr().size(), topic.isInternal());
        }
    }

    private void configs() throws Exception {
        var users = new ConfigResource(ConfigResource.Type.TOPIC, "admin-users");
        var broker = new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(broker()));
        Map<ConfigResource, Config> described = admin.describeConfigs(List.of(users, broker)).all().get();
        Facts.say("settings of admin-users:%s", settings(described.get(users)));
        Facts.say("num.partitions of the broker: %s", described.get(broker).get("num.partitions").value());
        admin.incrementalAlterConfigs(Map.of(users, List.of(
            new AlterConfigOp(new ConfigEntry("retention.ms", "7200000"), OpType.SET),
            new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), OpType.SUBTRACT),
            new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000000"), OpType.SET)))).all().get();
        Facts.await("what was set", () -> setting(users, "retention.ms").equals("7200000"));
        Facts.say("set:%s", settings(admin.describeConfigs(List.of(users)).all().get().get(users)));
        admin.incrementalAlterConfigs(Map.of(users, List.of(
            new AlterConfigOp(new ConfigEntry("retention.ms", ""), OpType.DELETE),
            new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), OpType.APPEND)))).all().get();
        Facts.await("what was deleted", () -> setting(users, "retention.ms").equals("604800000"));
        Facts.say("deleted:%s", settings(admin.describeConfigs(List.of(users)).all().get().get(users)));
        var absent = new ConfigResource(ConfigResource.Type.TOPIC, "admin-absent");
        Facts.say("settings, no such topic: %s",
            Facts.outcome(() -> admin.describeConfigs(List.of(absent)).all().get()));
    }

    private String setting(ConfigResource resource, String name) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private void partitions() throws Exception {
        admin.createPartitions(Map.of("admin-orders", NewPartitions.increaseTo(4))).all().get();
        Facts.await("the fourth partition", () -> topic("admin-orders").partitions().size() == 4);
        Facts.say("partitions of admin-orders: %d", topic("admin-orders").partitions().size());
        var fewer = Map.of("admin-orders", NewPartitions.increaseTo(2));
        Facts.say("fewer partitions: %s", Facts.outcome(() -> admin.createPartitions(fewer).all().get()));
    }

    private void records() throws Exception {
        try (var producer = clients.producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("admin-orders", 0, 1_700_000_000_000L + i, "k", "v" + i)).get();
            }
        }
        Facts.say("offsets: earliest %s, latest %s, of the newest record %s, of a time %s",
            offset(OffsetSpec.earliest()), offset(OffsetSpec.latest()), offset(OffsetSpec.maxTimestamp()),
            offset(OffsetSpec.forTimestamp(1_700_000_000_007L)));
        var before = Map.of(orders(0), RecordsToDelete.beforeOffset(4));
        Facts.say("deleted up to %d", admin.deleteRecords(before).lowWatermarks().get(orders(0)).get().lowWatermark());
        Facts.say("offsets: earliest %s, latest %s", offset(OffsetSpec.earliest()), offset(OffsetSpec.latest()));
    }

    private void quotas() throws Exception {
        Facts.say("quotas: %s", admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
    }

    private void deleteTopics() throws Exception {
        admin.deleteTopics(List.of("admin-plain", "admin-assigned")).all().get();
        var id = topic("admin-users").topicId();
        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();
        Facts.await("the topics to go", () -> names().equals(Set.of("admin-orders")));
        Facts.say("topics: %s", names());
        Facts.say("delete, no such topic: %s",
            Facts.outcome(() -> admin.deleteTopics(List.of("admin-absent")).all().get()));
        var internal = admin.listTopics(new ListTopicsOptions().listInternal(true)).listings().get();
        Facts.say("not internal: %s", internal.stream().filter(t -> !t.isInternal()).map(t -> t.name())
            .filter(AdminCalls::ours).toList());
        admin.deleteTopics(List.of("admin-orders")).all().get();
    }

    private Set<String> names() throws Exception {
        var names = new TreeSet<>(admin.listTopics().names().get());
        names.removeIf(name -> !ours(name));
        return names;
    }

    /** Reports whether a name is of this program's topics, groups and transactions: the brokers may have others. */
    static boolean ours(String name) {
        return name.startsWith("admin-");
    }

    private TopicDescription topic(String name) throws Exception {
        return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    }

    private int broker() throws Exception {
        return admin.describeCluster().nodes().get().iterator().next().id();
    }

    private long offset(OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(orders(0), spec)).all().get().get(orders(0)).offset();
    }

    private static TopicPartition orders(int partition) {
        return new TopicPartition("admin-orders", partition);
    }

    private static String settings(Config config) {
        return SETTINGS.stream().map(name -> {
            ConfigEntry entry = config.get(name);
            return "\n  " + name + "=" + (entry == null ? "absent" : entry.value() + " " + entry.source());
        }).collect(Collectors.joining());
    }
}
