import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** What the programs share that print facts, one a line. */
final class Facts {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Facts() {
    }

    static void say(String format, Object... args) {
        System.out.println(String.format(format, args));
    }

    /** Returns what the call returns or, when it fails, the name of the exception. */
    static String outcome(Callable<?> call) {
        try {
            return String.valueOf(call.call());
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) {
        long start = System.nanoTime();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("waited in vain for " + what);
                }
                Thread.sleep(20);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("waiting for " + what, e);
        }
    }
}
