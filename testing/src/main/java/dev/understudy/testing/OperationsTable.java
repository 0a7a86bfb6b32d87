package dev.understudy.testing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be done and looked at, and the ways to it. Tests hold the console's grammar, the OpenAPI
 * document, the command line and the page against it, and walk it; so whatever is added to one of
 * them has to be added here, and to the walk.
 */
public final class OperationsTable {
  private static final String ROOT = "/api/v1";
  private static final String ENVIRONMENTS = ROOT + "/environments";
  private static final String ENVIRONMENT = ENVIRONMENTS + "/{name}";
  private static final String SOURCE = ROOT + "/sources/{name}";

  private OperationsTable() {}

  /**
   * One operation. Null: that way does not have it.
   *
   * @param console first word of the command, or {@code SHOW} and what is shown
   * @param http method and path
   * @param cli the command's name, with an option where it is that of another one, too
   * @param onPage whether the page has it, which asks for the same by HTTP
   */
  public record Row(
      @Nullable String console, @Nullable String http, @Nullable String cli, boolean onPage) {
    /** The console's word, or else the route. */
    public String name() {
      return console == null ? String.valueOf(http) : console;
    }
  }

  /** What changes something, in an order in which all of it can be done to one environment. */
  public static List<Row> changes() {
    return List.of(
        new Row("CREATE", "POST " + ENVIRONMENTS, "create", true),
        verb("REFRESH"),
        verb("RESET"),
        verb("SUSPEND"),
        verb("RESUME"),
        verb("PROTECT"),
        verb("UNPROTECT"),
        verb("EXTEND"),
        new Row("COMMENT", "PUT " + ENVIRONMENT + "/label", "label", true),
        new Row("DROP", "DELETE " + ENVIRONMENT, "drop", true),
        new Row("UNDROP", "POST " + ENVIRONMENT + "/undrop", "undrop", true),
        new Row("SNAPSHOT", "POST " + SOURCE + "/snapshots", "snapshot", true),
        new Row("RELOAD", "POST " + ROOT + "/reload", null, false),
        new Row("KILL_CLIENT", null, null, false),
        new Row("SHUTDOWN", null, null, false));
  }

  private static Row verb(String console) {
    String word = console.toLowerCase(Locale.ROOT);
    return new Row(console, "POST " + ENVIRONMENT + "/" + word, word, true);
  }

  /** What only looks. */
  public static List<Row> looks() {
    return Stream.concat(
            Stream.of(
                new Row("SHOW ENVIRONMENTS", "GET " + ENVIRONMENTS, "ls", true),
                new Row("SHOW CLONES", "GET " + ROOT + "/clones", null, false),
                new Row("SHOW SNAPSHOTS", "GET " + ROOT + "/snapshots", "snapshots", true),
                new Row(
                    "SHOW FINDINGS", "GET " + ROOT + "/snapshots/{id}/findings", "findings", false),
                new Row("SHOW SOURCES", "GET " + ROOT + "/sources", "sources", true),
                new Row("SHOW TRASH", "GET " + ROOT + "/trash", "ls --trash", true),
                new Row("SHOW USAGE", "GET " + ROOT + "/usage", "usage", false),
                new Row("SHOW VERSION", "GET " + ROOT, null, true),
                new Row(null, "GET " + ENVIRONMENT, "show", true),
                new Row(null, "GET " + ENVIRONMENT + "/log", "logs", false),
                new Row(null, "GET " + ENVIRONMENT + "/urls", null, true),
                new Row(null, "GET " + SOURCE, null, false),
                new Row(null, "GET " + ROOT + "/tasks", null, true),
                new Row(null, "GET " + ROOT + "/tasks/{id}", null, false),
                new Row(null, "GET " + ROOT + "/events", null, true)),
            Stream.of(
                    "CLIENTS",
                    "SERVERS",
                    "POOLS",
                    "DATABASES",
                    "STATS",
                    "STATS_TOTALS",
                    "STATS_AVERAGES",
                    "TOTALS",
                    "LISTS",
                    "USERS",
                    "CONFIG",
                    "HELP")
                .map(subject -> new Row("SHOW " + subject, null, null, false)))
        .toList();
  }
}
