import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes producers and consumers of text. */
record Clients(String brokers) {
    KafkaProducer<String, String> producer(Map<String, Object> config) {
        var all = new HashMap<>(config);
        all.put("bootstrap.servers", brokers);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String group) {
        return consumer(group, Map.of());
    }

    KafkaConsumer<String, String> consumer(String group, Map<String, Object> config) {
        var all = new HashMap<>(config);
        all.putAll(Map.of("bootstrap.servers", brokers, "group.id", group, "isolation.level", "read_committed",
            "enable.auto.commit", false, "auto.offset.reset", "earliest"));
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }
}
