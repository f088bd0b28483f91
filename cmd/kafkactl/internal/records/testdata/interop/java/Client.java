import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records with Kafka's own client, or reads them; see ../README.md. */
public final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // for all records to come
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        Map<String, String> targets = new LinkedHashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] target = args[i].split("=");
            targets.put(target[0], target[1]);
        }
        switch (args[0]) {
            case "write" -> write(args[1], targets);
            case "read" -> read(args[1], targets);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void write(String brokers, Map<String, String> targets) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> lines = in.lines().toList();
        for (var target : targets.entrySet()) {
            Map<String, Object> config = Map.of(
                "bootstrap.servers", brokers, "compression.type", target.getValue(), "linger.ms", 100);
            var sent = new ArrayList<Future<RecordMetadata>>();
            try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (String line : lines) {
                    sent.add(producer.send(parse(target.getKey(), JSON.readTree(line))));
                }
                producer.flush();
                for (var future : sent) {
                    future.get();
                }
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> parse(String topic, JsonNode line) throws IOException {
        var record = new ProducerRecord<>(topic, line.get("partition").asInt(), line.get("timestamp").asLong(),
            bytes(line.get("key")), bytes(line.get("value")));
        for (JsonNode header : line.get("headers")) {
            record.headers().add(header.get("key").asText(), bytes(header.get("value")));
        }
        return record;
    }

    private static void read(String brokers, Map<String, String> targets) {
        Map<String, Integer> missing = new LinkedHashMap<>();
        targets.forEach((topic, count) -> missing.put(topic, Integer.valueOf(count)));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8); // whatever the locale says
        Map<String, Object> config = Map.of("bootstrap.servers", brokers);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = missing.keySet().stream().flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long start = System.nanoTime();
            while (missing.values().stream().anyMatch(count -> count > 0)) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("not read: " + missing);
                }
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    missing.merge(record.topic(), -1, Integer::sum);
                    out.println(format(record));
                }
            }
        }
    }

    private static String format(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode line = JSON.createObjectNode()
            .put("topic", record.topic())
            .put("partition", record.partition())
            .put("timestamp", record.timestamp())
            .put("key", record.key())
            .put("value", record.value());
        var headers = line.putArray("headers");
        for (Header header : record.headers()) {
            headers.addObject().put("key", header.key()).put("value", header.value());
        }
        return line.toString();
    }

    private static byte[] bytes(JsonNode text) throws IOException {
        return text.isNull() ? null : text.binaryValue();
    }
}
