import java.io.FileReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Logs in with the client.properties of `kafkactl dev`, and with other mechanisms than its own. */
public final class Login {
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final Map<String, String> LOGIN = Map.of("PLAIN", "plain.PlainLoginModule",
        "SCRAM-SHA-256", "scram.ScramLoginModule", "SCRAM-SHA-512", "scram.ScramLoginModule");

    public static void main(String[] args) throws Exception {
        var file = new Properties();
        try (var reader = new FileReader(System.getenv("KAFKACTL_CONFIG"))) {
            file.load(reader);
        }
        if (file.get("sasl.mechanism") == null) {
            attempt("certificate", args[0] + ".none", file);
            return;
        }
        var password = System.getenv("KAFKA_SASL_PASSWORD");
        for (var mechanism : List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")) {
            var own = mechanism.equals(file.get("sasl.mechanism"));
            attempt(mechanism, args[0] + "." + mechanism, own ? file : other(file, mechanism, password));
        }
        for (var mechanism : List.of("PLAIN", "SCRAM-SHA-512")) {
            attempt("wrong " + mechanism, args[0] + "." + mechanism, other(file, mechanism, "wrong"));
        }
    }

    private static Properties other(Properties file, String mechanism, String password) {
        var all = new Properties();
        all.putAll(file);
        all.put("sasl.mechanism", mechanism);
        all.put("sasl.jaas.config", String.format("%s%s required username=\"%s\" password=\"%s\";", MODULES,
            LOGIN.get(mechanism), System.getenv("KAFKA_SASL_USERNAME"), password));
        return all;
    }

    private static void attempt(String what, String topic, Properties settings) throws Exception {
        try {
            System.out.println(what + ": " + move(topic, settings));
        } catch (ExecutionException e) {
            System.out.println(what + ": " + e.getCause().getClass().getSimpleName());
        }
    }

    private static String move(String topic, Properties settings) throws Exception {
        try (var admin = Admin.create(settings)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
        }
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, topic.substring(topic.lastIndexOf('.') + 1))).get();
        }
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            return consumer.poll(Duration.ofSeconds(30)).iterator().next().value();
        }
    }
}
