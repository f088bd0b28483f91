package service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;
import org.springframework.kafka.support.serializer.JacksonJsonSerializer;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;
import org.springframework.util.backoff.FixedBackOff;

/**
 * A service with topics of its own, a listener with an error handler that publishes to a dead letter topic, and one
 * with retry topics. It sends itself good records and poison, and prints what came of them.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class Service {
    private static final long PATIENCE = 60; // seconds, for all records to come

    public static void main(String[] args) throws Exception {
        var application = new SpringApplication(Service.class);
        application.setDefaultProperties(Map.of(
            "spring.main.banner-mode", "off",
            "spring.kafka.admin.fail-fast", "true",
            "spring.kafka.consumer.auto-offset-reset", "earliest",
            "spring.kafka.consumer.group-id", "service",
            "spring.kafka.consumer.value-deserializer", JacksonJsonDeserializer.class.getName(),
            "spring.kafka.consumer.properties.spring.json.trusted.packages", "*",
            "spring.kafka.producer.value-serializer", JacksonJsonSerializer.class.getName()));
        try (var context = application.run(args)) {
            var template = template(context.getBean(KafkaTemplate.class));
            for (String id : List.of("good", "poison")) {
                template.send("service.orders", id, new Order(id, 1)).get();
                template.send("service.payments", id, new Order(id, 2)).get();
            }
            boolean all = context.getBean(Seen.class).all.await(PATIENCE, TimeUnit.SECONDS);
            context.getBean(Seen.class).print();
            System.out.println("all came: " + all);
            printTopics(context.getBean(KafkaAdmin.class));
        }
        System.out.println("the context closed");
    }

    @SuppressWarnings("unchecked")
    private static KafkaTemplate<Object, Object> template(KafkaTemplate<?, ?> template) {
        return (KafkaTemplate<Object, Object>) template;
    }

    private static void printTopics(KafkaAdmin kafkaAdmin) throws Exception {
        try (Admin admin = Admin.create(kafkaAdmin.getConfigurationProperties())) {
            var names = new TreeSet<>(admin.listTopics().names().get());
            names.removeIf(name -> !name.startsWith("service."));
            var topics = new TreeMap<>(admin.describeTopics(names).allTopicNames().get());
            topics.forEach((name, topic) -> System.out.println(name + ": " + topic.partitions().size()));
        }
    }

    public record Order(String id, int amount) {
    }

    @Bean
    NewTopic orders() {
        return TopicBuilder.name("service.orders").partitions(2).replicas(1).config("retention.ms", "3600000").build();
    }

    @Bean
    NewTopic ordersDead() {
        return TopicBuilder.name("service.orders-dlt").partitions(2).build();
    }

    @Bean
    NewTopic payments() {
        return TopicBuilder.name("service.payments").partitions(1).build();
    }

    @Bean
    DefaultErrorHandler errorHandler(KafkaOperations<Object, Object> operations) {
        return new DefaultErrorHandler(new DeadLetterPublishingRecoverer(operations), new FixedBackOff(10, 2));
    }

    /** What the listeners were given, in the order of each. */
    @Component
    static class Seen {
        final CountDownLatch all = new CountDownLatch(10);
        private final Map<String, List<String>> byListener = new TreeMap<>();

        synchronized void add(String listener, String what) {
            byListener.computeIfAbsent(listener, l -> new ArrayList<>()).add(what);
            all.countDown();
        }

        synchronized void print() {
            byListener.forEach((listener, seen) ->
                System.out.println(listener + ": " + seen.stream().sorted().toList()));
        }
    }

    @Component
    static class Listeners {
        private final Seen seen;

        Listeners(Seen seen) {
            this.seen = seen;
        }

        @KafkaListener(topics = "service.orders")
        void order(Order order) {
            seen.add("orders", order.id());
            refusePoison(order);
        }

        @KafkaListener(topics = "service.orders-dlt", groupId = "dead")
        void deadOrder(ConsumerRecord<String, Order> record) {
            seen.add("dead orders", record.value().id() + " from " + header(record, KafkaHeaders.DLT_ORIGINAL_TOPIC)
                + " for " + header(record, KafkaHeaders.DLT_EXCEPTION_CAUSE_FQCN));
        }

        @RetryableTopic(attempts = "3", backOff = @BackOff(delay = 10, multiplier = 2))
        @KafkaListener(topics = "service.payments", groupId = "payments")
        void payment(Order order, @Header(KafkaHeaders.RECEIVED_TOPIC) String topic) {
            seen.add("payments", order.id() + " from " + topic);
            refusePoison(order);
        }

        @DltHandler
        void deadPayment(Order order, @Header(KafkaHeaders.RECEIVED_TOPIC) String topic) {
            seen.add("dead payments", order.id() + " from " + topic);
        }

        private static void refusePoison(Order order) {
            if (order.id().equals("poison")) {
                throw new IllegalStateException("poison");
            }
        }

        private static String header(ConsumerRecord<?, ?> record, String name) {
            return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }
}
