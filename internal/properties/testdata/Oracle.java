import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Answers one line for each line of stdin: what Java makes of a text. A line is a letter and the text in
 * base64. P is a properties file, J a sasl.jaas.config, C a properties file as the configuration of an admin
 * client. The answer is "refused", or the pairs of key and value, sorted, all in base64.
 */
public class Oracle {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            byte[] text = Base64.getDecoder().decode(line.substring(2));
            String answer;
            try {
                answer = answer(line.charAt(0), text);
            } catch (RuntimeException e) {
                answer = "refused";
            }
            System.out.println(answer);
        }
    }

    private static String answer(char kind, byte[] text) throws Exception {
        TreeMap<String, String> found = new TreeMap<>();
        if (kind == 'J') {
            Map<String, Object> configs = new HashMap<>();
            configs.put("sasl.jaas.config", new Password(new String(text, StandardCharsets.UTF_8)));
            AppConfigurationEntry entry = JaasContext.loadClientContext(configs).configurationEntries().get(0);
            for (Map.Entry<String, ?> option : entry.getOptions().entrySet()) {
                if (option.getKey() != null) {
                    found.put(option.getKey(), (String) option.getValue());
                }
            }
            return base64(entry.getLoginModuleName()) + pairs(found);
        }
        Properties properties = new Properties();
        properties.load(new ByteArrayInputStream(text));
        if (kind == 'P') {
            for (String key : properties.stringPropertyNames()) {
                found.put(key, properties.getProperty(key));
            }
            return "properties" + pairs(found);
        }
        for (Map.Entry<String, ?> value : new AdminClientConfig(properties).values().entrySet()) {
            if (properties.containsKey(value.getKey()) && !value.getKey().startsWith("config.providers")) {
                Object v = value.getValue();
                found.put(value.getKey(), v instanceof Password ? ((Password) v).value() : String.valueOf(v));
            }
        }
        return "config" + pairs(found);
    }

    private static String pairs(TreeMap<String, String> found) {
        StringBuilder text = new StringBuilder();
        found.forEach((key, value) -> text.append(' ').append(base64(key)).append('=').append(base64(value)));
        return text.toString();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_16BE));
    }
}
