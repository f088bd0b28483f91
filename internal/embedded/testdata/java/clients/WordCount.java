import java.io.FileReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Counts words with Kafka Streams: BROKERS DIRECTORY GUARANTEE [FILE]. A second application with an empty directory goes
 * on where the first one ended, so that it has the counts from the changelog topic. Prints the counts and the topics. The
 * file has more settings of the application, which may log in where those that write and look do not.
 */
public final class WordCount {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String brokers;
    private final Properties more = new Properties();
    private final String guarantee;
    private final String application;
    private final String lines;
    private final String counts;

    private WordCount(String brokers, String guarantee) {
        this.brokers = brokers;
        this.guarantee = guarantee;
        application = "word-count-" + guarantee;
        lines = "lines-" + guarantee;
        counts = "counts-" + guarantee;
    }

    public static void main(String[] args) throws Exception {
        var count = new WordCount(args[0], args[2]);
        if (args.length > 3) {
            try (var reader = new FileReader(args[3])) {
                count.more.load(reader);
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createTopics(List.of(
                new NewTopic(count.lines, 2, (short) 1), new NewTopic(count.counts, 1, (short) 1))).all().get();
            System.out.println(count.run(Path.of(args[1], "first"),
                List.of("all streams lead to kafka", "hello kafka streams"),
                Map.of("all", 1L, "hello", 1L, "kafka", 2L, "lead", 1L, "streams", 2L, "to", 1L)));
            System.out.println(count.run(Path.of(args[1], "second"), List.of("hello again"),
                Map.of("all", 1L, "again", 1L, "hello", 2L, "kafka", 2L, "lead", 1L, "streams", 2L, "to", 1L)));
            var topics = new TreeSet<>(admin.listTopics().names().get());
            topics.removeIf(topic -> !topic.contains(count.guarantee));
            System.out.println(topics);
        }
    }

    private Map<String, Long> run(Path directory, List<String> input, Map<String, Long> want) throws Exception {
        try (var streams = new KafkaStreams(topology(), config(directory))) {
            var failed = new Throwable[1];
            streams.setUncaughtExceptionHandler(e -> {
                failed[0] = e;
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            write(input); // which waits until the brokers show the topic
            streams.start();
            var got = read(want, failed);
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(PATIENCE));
            return got;
        }
    }

    private Topology topology() {
        var builder = new StreamsBuilder();
        builder.<String, String>stream(lines)
            .flatMapValues(line -> Arrays.asList(line.split(" ")))
            .groupBy((key, word) -> word)
            .count(Materialized.as("words"))
            .toStream().to(counts, Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private Properties config(Path directory) {
        var config = new Properties();
        config.put("application.id", application);
        config.put("bootstrap.servers", brokers);
        config.put("processing.guarantee", guarantee);
        config.put("state.dir", directory.toString());
        config.put("default.key.serde", Serdes.StringSerde.class.getName());
        config.put("default.value.serde", Serdes.StringSerde.class.getName());
        config.put("commit.interval.ms", 100);
        config.putAll(more);
        return config;
    }

    private void write(List<String> input) throws Exception {
        try (var producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < input.size(); i++) {
                producer.send(new ProducerRecord<>(lines, i % 2, null, input.get(i))).get();
            }
        }
    }

    /** Reads the last count of each word until all are as wanted, or for as long as patience lasts. */
    private Map<String, Long> read(Map<String, Long> want, Throwable[] failed) {
        Map<String, Object> config = Map.of("bootstrap.servers", brokers,
            "group.id", application + "-reader-" + want.size(),
            "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        var got = new TreeMap<String, Long>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of(counts));
            long start = System.nanoTime();
            while (!got.equals(want) && System.nanoTime() - start < PATIENCE.toNanos()) {
                if (failed[0] != null) {
                    throw new IllegalStateException("the application failed", failed[0]);
                }
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    got.put(record.key(), record.value());
                }
            }
        }
        return got;
    }
}
