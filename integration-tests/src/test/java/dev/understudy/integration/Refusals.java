package dev.understudy.integration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.integration.Ways.Refusal;
import dev.understudy.testing.OperationsTable;
import dev.understudy.testing.OperationsTable.Row;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for what is refused by every way: each tells the same SQLSTATE, message, DETAIL and HINT,
 * but for what docs/api.md says of tokens.
 */
final class Refusals {
  private static final String BUSY = "pr-busy";
  private static final String THEIRS = "pr-theirs";

  private final Shop shop;
  private final Ways root;
  private final Ways alice;

  /**
   * @param root for whom nothing is refused because of who asks
   * @param alice who has the role app
   */
  Refusals(Shop shop, Ways root, Ways alice) {
    this.shop = shop;
    this.root = root;
    this.alice = alice;
  }

  void compare() throws Exception {
    done(root.console("CREATE ENVIRONMENT " + THEIRS));
    done(root.console("CREATE ENVIRONMENT few-1"));
    compareNames();
    compareCreation();
    compareValues();
    compareUse();
    compareTrash();
    compareRights();
    done(root.console("DROP ENVIRONMENT few-1"));
    done(root.console("DROP ENVIRONMENT " + THEIRS));
  }

  private static void done(@Nullable Refusal refusal) {
    assertThat(refusal).isNull();
  }

  /** One that there is none of, and one that there can be none of. */
  private void compareNames() throws Exception {
    for (Row row : OperationsTable.changes()) {
      String route = String.valueOf(row.http());
      if (route.contains("/environments/{name}") && !row.name().equals("UNDROP")) {
        same(root, "42704", Asked.of(row, "pr-none"));
      }
      if (route.contains("/environments/{name}")) {
        same(root, "42602", Asked.of(row, "no name"));
      }
    }
    same(root, "42602", Asked.creation("no name", "", ""));
    // The HINT shows a connection of the login's own.
    same(alice, "3D000", Asked.creation("elsewhere", "", ""));
    same(
        root,
        "42602",
        Asked.creation("pr-new", "FROM ENVIRONMENT \"no name\"", "\"environment\":\"no name\""));
    same(
        root,
        "42704",
        Asked.creation("pr-new", "FROM ENVIRONMENT pr-none", "\"environment\":\"pr-none\""));
  }

  private void compareCreation() throws Exception {
    same(root, "42704", Asked.creation("pr-new", "FROM SNAPSHOT s0", "\"snapshot\":\"s0\""));
    same(root, "22023", Asked.creation("pr-new", "FROM SOURCE none", "\"source\":\"none\""));
    same(root, "53400", Asked.creation("few-2", "", ""));
    same(root, "58000", Asked.creation("bad-1", "", ""));
    same(
        root,
        "22023",
        new Asked(
            "CREATE ENVIRONMENT pr-new FROM SNAPSHOT s0 FRESH",
            Asked.ENVIRONMENTS,
            "{\"name\":\"pr-new\",\"from\":{\"snapshot\":\"s0\"},\"fresh\":true}",
            List.of("create", "pr-new", "--snapshot", "s0", "--fresh")));
    compareCreationOfWhatIsThere();
  }

  /** Over HTTP who has lost an answer asks once more, and other origins are told apart. */
  private void compareCreationOfWhatIsThere() throws Exception {
    Asked plain = Asked.creation(THEIRS, "", "");
    assertThat(root.console(plain.command())).extracting(Refusal::sqlState).isEqualTo("42710");
    done(root.http(plain.route(), plain.body()));
    done(root.shell(plain.wordsOfShell()));

    Asked branch = Asked.creation(THEIRS, "FROM ENVIRONMENT few-1", "\"environment\":\"few-1\"");
    Refusal told = requireNonNull(root.console(branch.command()));
    assertThat(root.http(branch.route(), branch.body()))
        .isEqualTo(
            new Refusal(
                told.sqlState(),
                told.message(),
                "It is not known to be of the origin that is wanted.",
                told.hint()));
  }

  private void compareValues() throws Exception {
    same(
        root,
        "22007",
        new Asked(
            "EXTEND ENVIRONMENT %s BY 'soon'".formatted(THEIRS),
            "POST /api/v1/environments/%s/extend".formatted(THEIRS),
            "{\"by\":\"soon\"}",
            List.of("extend", THEIRS, "soon")));
    String label = "x".repeat(1_001);
    same(
        root,
        "22023",
        new Asked(
            "COMMENT ON ENVIRONMENT %s IS '%s'".formatted(THEIRS, label),
            "PUT /api/v1/environments/%s/label".formatted(THEIRS),
            "{\"label\":\"%s\"}".formatted(label),
            List.of("label", THEIRS, label)));
    same(root, "42704", Asked.snapshot("none"));
    same(
        root,
        "42704",
        new Asked(
            "SHOW FINDINGS s0",
            "GET /api/v1/snapshots/s0/findings",
            null,
            List.of("findings", "s0")));
  }

  /** Somebody is in the middle of a transaction. */
  private void compareUse() throws Exception {
    try (Connection session = shop.connect("shop@" + BUSY)) {
      session.setAutoCommit(false);
      assertThat(Shop.ask(session, "SELECT 1")).isOne();
      for (Row row : OperationsTable.changes()) {
        if (List.of("REFRESH", "RESET", "SUSPEND").contains(row.name())) {
          same(root, "55006", Asked.of(row, BUSY));
        }
      }
    }
  }

  private void compareTrash() throws Exception {
    Asked undrop =
        new Asked(
            "UNDROP ENVIRONMENT " + BUSY,
            "POST /api/v1/environments/%s/undrop".formatted(BUSY),
            "{}",
            List.of("undrop", BUSY));
    done(root.console("DROP ENVIRONMENT " + BUSY));
    done(root.console("CREATE ENVIRONMENT " + BUSY));
    same(root, "42710", undrop);
    done(root.console("DROP ENVIRONMENT " + BUSY));
    same(alice, "42704", undrop);
    same(
        root,
        "3D000",
        new Asked(
            "UNDROP ENVIRONMENT pr-none",
            "POST /api/v1/environments/pr-none/undrop",
            null,
            List.of("undrop", "pr-none")));
  }

  /** Of one who has no more rights than most. */
  private void compareRights() throws Exception {
    for (Row row : OperationsTable.changes()) {
      if (String.valueOf(row.http()).contains("/environments/{name}")
          && !row.name().equals("UNDROP")) {
        hidden(Asked.of(row, THEIRS));
      }
    }
    hidden(
        Asked.creation(
            "pr-new", "FROM ENVIRONMENT " + THEIRS, "\"environment\":\"" + THEIRS + "\""));
    beyond(Asked.snapshot("prod"));
    beyond(
        new Asked(
            "CREATE ENVIRONMENT pr-new FRESH",
            Asked.ENVIRONMENTS,
            "{\"name\":\"pr-new\",\"fresh\":true}",
            List.of("create", "pr-new", "--fresh")));
    beyond(new Asked("RELOAD", "POST /api/v1/reload", null, List.of()));
  }

  /** With settings in the daemon's file that cannot be. */
  void compareReloads() throws Exception {
    same(root, "F0000", new Asked("RELOAD", "POST /api/v1/reload", null, List.of()));
  }

  private static void same(Ways who, String sqlState, Asked asked) throws Exception {
    Refusal console = requireNonNull(who.console(asked.command()), asked.command());
    assertThat(console.sqlState()).as(asked.command()).isEqualTo(sqlState);
    assertThat(who.http(asked.route(), asked.body())).as(asked.route()).isEqualTo(console);
    shell(who, asked, console);
  }

  private static void shell(Ways who, Asked asked, Refusal told) {
    if (!asked.words().isEmpty()) {
      assertThat(who.shell(asked.wordsOfShell()))
          .as(String.join(" ", asked.words()))
          .isEqualTo(told.withoutSqlState());
    }
  }

  /** What is others' does not exist for a token. */
  private void hidden(Asked asked) throws Exception {
    assertThat(alice.console(asked.command()))
        .as(asked.command())
        .isEqualTo(
            new Refusal(
                "42501",
                "must be owner of environment \"%s\"".formatted(THEIRS),
                "postgres owns it.",
                "Ask for \"admin = true\" in the settings of user \"alice\"."));
    Refusal told =
        new Refusal(
            "42704",
            "environment \"%s\" does not exist".formatted(THEIRS),
            null,
            "SHOW ENVIRONMENTS lists those that there are.");
    assertThat(alice.http(asked.route(), asked.body())).as(asked.route()).isEqualTo(told);
    shell(alice, asked, told);
  }

  /** More rights stand elsewhere in the settings for a token. */
  private void beyond(Asked asked) throws Exception {
    Refusal console = requireNonNull(alice.console(asked.command()));
    assertThat(console.sqlState()).isEqualTo("42501");
    assertThat(console.hint())
        .isEqualTo("Ask for \"admin = true\" in the settings of user \"alice\".");
    Refusal told =
        new Refusal(
            "42501",
            console.message(),
            console.detail(),
            "Ask for more rights in http.tokens of the settings, or for another token.");
    assertThat(alice.http(asked.route(), asked.body())).as(asked.route()).isEqualTo(told);
    shell(alice, asked, told);
  }
}
