import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ServiceTest {
    private static final String BROKERS = System.getenv("SPRING_KAFKA_BOOTSTRAP_SERVERS");
    private static final String THEN = System.getenv("THEN");

    static void say(String line) {
        try {
            Files.writeString(Path.of(System.getenv("LOG")), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void service() throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", BROKERS, "group.id", "service", "auto.offset.reset", "earliest");
        var left = new CountDownLatch(1);
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        // As a framework does it: the hook ends the loop, and waits until the group is left.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (left.getCount() == 0) {
                return;
            }
            say("signal");
            consumer.wakeup();
            try {
                left.await();
                if (THEN.equals("deaf")) {
                    Thread.sleep(60_000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (consumer) {
            try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", BROKERS), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("orders", "one")).get();
            }
            consumer.subscribe(List.of("orders"));
            ConsumerRecords<String, String> records = ConsumerRecords.empty();
            while (records.isEmpty()) {
                records = consumer.poll(Duration.ofSeconds(1));
            }
            assertEquals("one", records.iterator().next().value());
            say("ready");
            while (THEN.equals("hang") || THEN.equals("deaf")) {
                consumer.poll(Duration.ofSeconds(1));
            }
        } finally {
            say("left");
            left.countDown();
        }
        assertNotEquals("fail", THEN);
    }
}
