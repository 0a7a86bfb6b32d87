package dev.understudy.cloner.dump;

import dev.understudy.cloner.postgres.Workbench;
import java.util.List;
import java.util.Map;

/** A daemon that dumps: the port on 127.0.0.1 is the argument. */
final class DumpingMain {
  private DumpingMain() {}

  public static void main(String[] arguments) throws Exception {
    var _ =
        new ClientTool(
                Workbench.DEBIAN_15,
                Map.of("PGHOST", "127.0.0.1", "PGPORT", arguments[0], "PGUSER", "nobody"))
            .run("pg_dump", List.of("--no-password"), System.err::println, () -> {});
  }
}
