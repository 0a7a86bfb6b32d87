package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.sandbox.SandboxProbe;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** The life of one server, run by {@link OrdinaryUserIT} as somebody who is not root. */
final class OrdinaryUserMain {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private OrdinaryUserMain() {}

  /** Arguments: an empty directory, the home of PostgreSQL, the sandbox. */
  public static void main(String[] args) throws Exception {
    if (Accounts.isRoot()) {
      throw new IllegalStateException("this is root");
    }
    try (Workbench bench = Workbench.make(Path.of(args[0]), Path.of(args[1]), args[2])) {
      say(
          "faults: "
              + new SandboxProbe(bench.directory(), bench.account())
                  .attempt(Workbench.sandbox(args[2], bench.directory(), bench.account()))
                  .faults());
      bench.data("a", new ServerConfiguration(false, Map.of()));
      RunningServer server = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      say("uid inside: " + id(server));
      RunningServer adopted =
          bench.servers().adopt(server.identity(), bench.spec("a")).orElseThrow();
      say("adopted: " + id(adopted));
      say("clean: " + server.stop(TIMEOUT));
      adopted.onExit().get();
      RunningServer again = bench.servers().start(bench.spec("a"), identity -> {}, TIMEOUT);
      say("killed: " + bench.servers().killAllBelow(bench.directory().resolve("clones")));
      again.onExit().get();
      say("left: " + bench.servers().killAllBelow(bench.directory().resolve("clones")));
    }
  }

  private static String id(RunningServer server) throws Exception {
    try (Connection connection = Sql.connect(server.socket(), "postgres", "postgres", TIMEOUT);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE t(line text)");
      statement.execute("COPY t FROM PROGRAM 'id -u'");
      try (ResultSet result = statement.executeQuery("SELECT line FROM t")) {
        result.next();
        return result.getString(1);
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
