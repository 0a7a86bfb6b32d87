import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** What the walks of Java share; ../README.md has the variables. */
final class Walk {
  static final String HOST = variable("HOST");
  static final int PORT = Integer.parseInt(variable("PORT"));
  static final String LOGIN = variable("LOGIN");
  static final String PASSWORD = variable("PASSWORD");
  static final String DATABASE = variable("DATABASE");
  static final String ENVIRONMENT = variable("ENVIRONMENT");
  static final String NAP = variable("NAP");

  /** What {@code understudy url} prints for the tool that walks. */
  static final String URL = variable("URL");

  /** The same with the environment named by the host; empty: without TLS no host can. */
  static final String URL_BY_HOST = System.getenv().getOrDefault("URL_BY_HOST", "");

  /** Empty: without TLS. */
  static final String ROOT_CERTIFICATE = System.getenv().getOrDefault("ROOT_CERTIFICATE", "");

  static final String OPTIONS = "-c understudy.environment=" + ENVIRONMENT;

  static final Map<String, String> SQLSTATES =
      Map.of(
          "SELECT * FROM no_such_table",
          "42P01",
          "INSERT INTO java_walk VALUES (1)",
          "23505",
          "SELECT 1 / 0",
          "22012");

  private Walk() {}

  interface Action {
    void run() throws Exception;
  }

  static boolean isTls() {
    return !ROOT_CERTIFICATE.isEmpty();
  }

  /** Ends the program if the step fails. */
  static void step(String name, Action action) {
    try {
      action.run();
    } catch (Throwable failure) {
      System.out.println("FAILED: " + name + ": " + failure);
      failure.printStackTrace(System.out);
      System.exit(1);
    }
    System.out.println("ok " + name);
  }

  static void same(Object expected, Object got) {
    if (!Objects.equals(expected, got)) {
      throw new AssertionError("expected " + expected + ", got " + got);
    }
  }

  static <E extends Exception> E fails(Class<E> type, Callable<?> action) throws Exception {
    try {
      action.call();
    } catch (Exception failure) {
      return type.cast(failure);
    }
    throw new AssertionError("no failure");
  }

  /** Sends what is no use of the environment until that fails, as it sleeps. */
  static <E extends Exception> E untilItSleeps(Class<E> type, Callable<?> action) throws Exception {
    return fails(
        type,
        () -> {
          for (int attempt = 0; attempt < 240; attempt++) {
            action.call();
            Thread.sleep(250);
          }
          throw new AssertionError(NAP + " does not sleep");
        });
  }

  private static String variable(String name) {
    return Objects.requireNonNull(System.getenv(name), name);
  }
}
