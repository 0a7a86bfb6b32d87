package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.mask.Mask;
import dev.understudy.cloner.mask.Masking;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.DatabaseMask.LargeObjects;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.MaskRule;
import dev.understudy.config.Secret;
import dev.understudy.config.TableName;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit is said before anything changes, without a word of what it is about. */
class MaskingRefusalsIT {
  private static final MaskRule EMAIL = new MaskRule.Email();
  private static final MaskRule HASH = new MaskRule.Hash();
  private static final MaskRule KEEP = new MaskRule.Keep();
  private static final String SECRET = "hunter2@example.org";

  @TempDir Path parent;
  private @Nullable EmbeddedPostgres server;

  @BeforeEach
  void start() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        EmbeddedPostgres.create(parent.resolve("server"), ServerOptions.of(Workbench.embedded()));
    execute(
        "CREATE TABLE customer (id int PRIMARY KEY, email varchar(80) UNIQUE, x int GENERATED"
            + " ALWAYS AS (id + 1) STORED)",
        "INSERT INTO customer VALUES (1, '" + SECRET + "'), (2, 'b@example.org')",
        "CREATE TABLE purchase (id int, email varchar(80) REFERENCES customer (email))",
        "INSERT INTO purchase VALUES (1, '" + SECRET + "')",
        "CREATE VIEW shown AS SELECT email FROM customer",
        "CREATE TABLE event (at date, who text NOT NULL) PARTITION BY LIST (who)",
        "CREATE TABLE event_a PARTITION OF event FOR VALUES IN ('a')");
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void rulesThatDoNotFitAreNamed() throws Exception {
    assertThat((Throwable) refusal(Map.of("public.customer.mail", EMAIL)))
        .hasMessage("database postgres: there is no column public.customer.mail");
    assertThat((Throwable) refusal(Map.of("public.customers.email", EMAIL)))
        .hasMessageContaining("there is no table public.customers");
    assertThat((Throwable) refusal(Map.of("public.shown.email", EMAIL)))
        .hasMessageContaining("is a column of a view");
    assertThat((Throwable) refusal(Map.of("public.customer.x", HASH)))
        .hasMessageContaining("is generated");
    assertThat((Throwable) refusal(Map.of("public.customer.id", new MaskRule.Null())))
        .hasMessageContaining("is NOT NULL");
    assertThat((Throwable) refusal(Map.of("public.customer.id", EMAIL)))
        .hasMessageContaining("of type integer");
    assertThat((Throwable) refusal(Map.of("public.event.who", HASH)))
        .hasMessageContaining("in which partition");
    assertThat((Throwable) refusal(Map.of("public.event_a.who", HASH)))
        .hasMessageContaining("in which partition");
    assertThat((Throwable) refusal(Map.of("public.customer.id", new MaskRule.Constant("x"))))
        .hasMessageContaining("the constant of public.customer.id is no value of its type integer");
    PreparationException both =
        refusal(Map.of("public.customer.a", EMAIL, "public.customer.b", EMAIL));
    assertThat((Throwable) both).hasMessage("2 rules of the mask do not fit production");
    assertThat(both.detail()).contains("customer.a\n").contains("customer.b");
    assertThat(
            (Throwable) refusal(new MaskPolicy(key(), false, Map.of("shop", DatabaseMask.NOTHING))))
        .hasMessage("there is no database shop");
    nothingChanged();
  }

  @Test
  void foreignKeysThatWouldBreakAreNamed() throws Exception {
    assertThat((Throwable) refusal(Map.of("public.customer.email", EMAIL)))
        .hasMessageContaining("purchase_email_fkey would break")
        .hasMessageContaining("public.purchase.email refers to public.customer.email");
    assertThat(
            (Throwable)
                refusal(Map.of("public.customer.email", EMAIL, "public.purchase.email", HASH)))
        .hasMessageContaining("both need the same rule");
    assertThat((Throwable) refusal(database(Map.of(), List.of("public.customer"), null, List.of())))
        .hasMessageContaining("public.customer cannot be emptied alone: public.purchase refers");
    nothingChanged();
    run(Map.of("public.customer.email", EMAIL, "public.purchase.email", new MaskRule.Null()));
  }

  @Test
  void whatIsUniqueMustStaySo() throws Exception {
    PreparationException e =
        refusal(
            Map.of(
                "public.customer.email", new MaskRule.Constant("x"),
                "public.purchase.email", new MaskRule.Constant("x")));
    assertThat((Throwable) e)
        .hasMessageContaining("public.customer could not be masked: SQLSTATE 23505")
        .hasMessageContaining("customer_email_key");
  }

  @Test
  void whatLooksPersonalAndHasNoRuleIsToldAtOnce() throws Exception {
    execute(
        "CREATE TABLE \"User\" (\"firstName\" text, \"x.y\" text, born date, verified_email"
            + " boolean, email_count int, ip inet)",
        "INSERT INTO \"User\" (\"x.y\") VALUES (repeat('x ', 30000) || 'write to "
            + SECRET
            + " please')",
        "CREATE DATABASE other",
        "SELECT lo_from_bytea(0, 'x')");
    PreparationException e = refusal(new MaskPolicy(key(), true, Map.of()));
    assertThat((Throwable) e).hasMessage("7 of what looks personal has no rule in its mask");
    assertThat(e.hint())
        .contains(
            """
            databases."postgres".columns."public.User.firstName" = name
            databases."postgres".columns."public.User.born" = hash
            databases."postgres".columns."public.User.ip" = null
            databases."postgres".columns."public.User.\\"x.y\\"" = hash
            databases."postgres".columns."public.customer.email" = email
            databases."postgres".columns."public.purchase.email" = email
            databases."postgres".large-objects = remove\
            """);
    assertThat(e.detail())
        .contains("postgres: public.User.\"x.y\", text: mail addresses are in it")
        .doesNotContain(SECRET);
    nothingChanged();
    Map<String, MaskRule> all =
        Map.of(
            "public.User.firstName",
            KEEP,
            "public.User.\"x.y\"",
            KEEP,
            "public.User.born",
            KEEP,
            "public.User.ip",
            KEEP,
            "public.customer.email",
            KEEP,
            "public.purchase.email",
            KEEP);
    run(
        new MaskPolicy(
            key(),
            true,
            Map.of("postgres", database(all, List.of(), LargeObjects.KEEP, List.of()))));
    nothingChanged();
  }

  @Test
  void materializedViewsAndHeirsOfForeignTablesAreLookedAt() throws Exception {
    execute(
        "CREATE MATERIALIZED VIEW refreshed AS SELECT email FROM customer",
        "CREATE MATERIALIZED VIEW unpopulated AS SELECT email FROM customer WITH NO DATA",
        "CREATE TABLE emptied (note text)",
        "INSERT INTO emptied VALUES ('write to " + SECRET + "')",
        "CREATE MATERIALIZED VIEW stale AS SELECT note FROM emptied",
        "TRUNCATE emptied",
        "CREATE DATABASE reporting");
    executeIn(
        "reporting",
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'postgres', host '%s',"
                .formatted(production().socketDirectory())
            + " port '%d')".formatted(production().port()),
        "CREATE USER MAPPING FOR postgres SERVER far OPTIONS (\"user\" 'postgres')",
        "CREATE FOREIGN TABLE far (id int, email varchar(80)) SERVER far"
            + " OPTIONS (table_name 'customer')",
        "CREATE MATERIALIZED VIEW crm AS SELECT email, 'to ' || email AS note FROM far",
        "CREATE TABLE heir () INHERITS (far)",
        "CREATE TABLE heir_of_heir () INHERITS (heir)",
        "INSERT INTO heir VALUES (3, '" + SECRET + "')");
    Map<String, MaskRule> emails =
        Map.of("public.customer.email", EMAIL, "public.purchase.email", EMAIL);
    DatabaseMask shop = database(emails, List.of(), null, List.of());

    PreparationException e = refusal(new MaskPolicy(key(), true, Map.of("postgres", shop)));

    assertThat(e.detail())
        .isEqualTo(
            """
            postgres: public.stale.note, text: mail addresses are in it
            reporting: public.crm.email, character varying(80): a mail address
            reporting: public.crm.note, text: mail addresses are in it
            reporting: public.heir.email, character varying(80): a mail address\
            """);
    assertThat(e.hint())
        .endsWith(
            """

            databases."postgres".tables."public.stale" = truncate
            databases."reporting".tables."public.crm" = truncate
            databases."reporting".columns."public.heir.email" = email\
            """);
    nothingChanged();

    Map<String, MaskRule> kept = new HashMap<>(emails);
    kept.put("public.stale.note", KEEP);
    DatabaseMask reporting =
        database(Map.of("public.heir.email", EMAIL), List.of("public.crm"), null, List.of());
    run(
        new MaskPolicy(
            key(),
            true,
            Map.of(
                "postgres", database(kept, List.of(), null, List.of()), "reporting", reporting)));
    try (Connection connection = production().connect("reporting", "postgres")) {
      assertThat(
              MaskedShop.texts(
                  connection, "SELECT relispopulated FROM pg_class WHERE relname = 'crm'"))
          .containsExactly("f");
      assertThat(
              Bank.number(connection, "SELECT count(*) FROM heir WHERE email LIKE '%@example.com'"))
          .isEqualTo(1);
    }
  }

  @Test
  void aScriptThatFailsIsNamedWithItsLineAndWithoutData() throws Exception {
    assertThat(
            (Throwable)
                refusal("SELECT 1;\n\n/* ; */ UPDATE customer SET nonsense = 1;\nSELECT 2;"))
        .hasMessageContaining("mask.sql failed in statement 2, line 3: SQLSTATE 42703, column")
        .hasMessageContaining("\"nonsense\" of relation \"customer\" does not exist");
    assertThat((Throwable) refusal("UPDATE customer\nSET id = 1;"))
        .hasMessageContaining("statement 1, line 1: SQLSTATE 23505, constraint customer_pkey");
    PreparationException raised =
        refusal(
            """
            DO $$ BEGIN
              RAISE EXCEPTION 'look: %', (SELECT email FROM customer LIMIT 1) USING ERRCODE = '42601';
            END $$;
            """);
    assertThat((Throwable) raised).hasMessageEndingWith("line 1: SQLSTATE 42601");
    assertThat((Throwable) refusal("DELETE FROM purchase; COMMIT; SELECT 1"))
        .hasMessageContaining("ends its transaction");
    execute(
        "INSERT INTO purchase SELECT 1, '" + SECRET + "' WHERE NOT EXISTS (SELECT FROM purchase)");
    nothingChanged();
  }

  private Secret key() {
    return new Secret("a key for tests only");
  }

  private PreparationException refusal(Map<String, MaskRule> rules) throws Exception {
    return refusal(database(rules, List.of(), null, List.of()));
  }

  private PreparationException refusal(String script) throws Exception {
    Path file = Files.writeString(parent.resolve("mask.sql"), script);
    return refusal(database(Map.of(), List.of(), null, List.of(file)));
  }

  private PreparationException refusal(DatabaseMask mask) throws Exception {
    return refusal(new MaskPolicy(key(), false, Map.of("postgres", mask)));
  }

  private PreparationException refusal(MaskPolicy policy) throws Exception {
    PreparationException e = catchThrowableOfType(PreparationException.class, () -> run(policy));
    assertThat((Throwable) e).isNotNull();
    assertThat(e.getMessage() + e.detail() + e.hint()).doesNotContain("hunter2");
    assertThat(e.hint()).as(e.getMessage()).isNotNull();
    return e;
  }

  private void run(Map<String, MaskRule> rules) throws Exception {
    run(
        new MaskPolicy(
            key(), false, Map.of("postgres", database(rules, List.of(), null, List.of()))));
  }

  private void run(MaskPolicy policy) throws Exception {
    Mask mask = Mask.load(policy, parent);
    try (RecoveredCopy copy =
        RecoveredCopy.open(
            production().socket(),
            "postgres",
            production().dataDirectory(),
            CopyListener.silent())) {
      new Masking(mask).run(copy);
    }
  }

  private static DatabaseMask database(
      Map<String, MaskRule> rules,
      List<String> truncated,
      @Nullable LargeObjects largeObjects,
      List<Path> scripts) {
    Map<ColumnName, MaskRule> columns = new HashMap<>();
    rules.forEach((name, rule) -> columns.put(column(name), rule));
    List<TableName> tables = new ArrayList<>();
    for (String table : truncated) {
      String[] parts = table.split("\\.", -1);
      tables.add(new TableName(parts[0], parts[1]));
    }
    return new DatabaseMask(columns, tables, largeObjects, scripts);
  }

  private static ColumnName column(String name) {
    String[] parts = name.split("\\.", 3);
    return new ColumnName(new TableName(parts[0], parts[1]), parts[2].replace("\"", ""));
  }

  private void nothingChanged() throws SQLException {
    try (Connection connection = production().connect("postgres", "postgres")) {
      assertThat(
              Bank.number(
                  connection,
                  "SELECT count(*) FROM customer JOIN purchase USING (email) WHERE email = '%s'"
                      .formatted(SECRET)))
          .isEqualTo(1);
    }
  }

  private EmbeddedPostgres production() {
    return requireNonNull(server);
  }

  private void execute(String... commands) throws SQLException {
    executeIn("postgres", commands);
  }

  private void executeIn(String database, String... commands) throws SQLException {
    try (Connection connection = production().connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }
}
