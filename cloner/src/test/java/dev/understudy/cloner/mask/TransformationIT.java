package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.MaskRule;
import dev.understudy.config.Secret;
import dev.understudy.config.TableName;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules make of values, as PostgreSQL computes it. */
class TransformationIT {
  private static final MaskRule HASH = new MaskRule.Hash();
  private static final MaskRule EMAIL = new MaskRule.Email();
  private static final MaskRule NAME = new MaskRule.Name();
  private static final MaskRule PHONE = new MaskRule.Phone();
  private static final MaskKey KEY = MaskKey.of(new Secret("the key of the tests"));

  @TempDir static Path parent = Path.of("");
  private static @Nullable EmbeddedPostgres server;
  private static @Nullable Connection connection;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedPostgres started =
        EmbeddedPostgres.create(parent.resolve("server"), ServerOptions.of(Workbench.embedded()));
    server = started;
    connection = started.connect("postgres", "postgres");
    MaskSession.prepare(connection());
  }

  @AfterAll
  static void stop() throws Exception {
    connection().close();
    Objects.requireNonNull(server).close();
  }

  private static Connection connection() {
    return Objects.requireNonNull(connection);
  }

  @Test
  void hashIsTheHmacOfTheValue() throws Exception {
    String expected = HexFormat.of().formatHex(KEY.sign("hash:Jörg 😀")).substring(0, 32);
    assertThat(masked(HASH, "text", "Jörg 😀")).isEqualTo(expected);
    assertThat(masked(HASH, "varchar(8)", "Jörg 😀")).isEqualTo(expected.substring(0, 8));
    assertThat(masked(HASH, "char(40)", "Jörg 😀")).isEqualTo(expected + "        ");
  }

  @Test
  void equalValuesStayEqualInOtherTypesAndColumns() throws Exception {
    assertThat(masked(EMAIL, "varchar(120)", "a@b.de")).isEqualTo(masked(EMAIL, "text", "a@b.de"));
    assertThat(masked(EMAIL, "char(60)", "a@b.de")).startsWith(masked(EMAIL, "text", "a@b.de"));
    assertThat(masked(HASH, "jsonb", "[\"a\"]"))
        .isEqualTo("[\"" + masked(HASH, "text", "a") + "\"]");
    assertThat(masked(HASH, "text[]", "{a}")).isEqualTo("{" + masked(HASH, "text", "a") + "}");
    assertThat(masked(HASH, "numeric", "12.50")).isEqualTo(masked(HASH, "numeric", "12.5"));
  }

  @Test
  void anotherKeyOrRuleMakesSomethingElse() throws Exception {
    String other = masked(MaskKey.of(new Secret("another key")), EMAIL, "text", "a@b.de");
    assertThat(other).isNotEqualTo(masked(EMAIL, "text", "a@b.de"));
    assertThat(masked(EMAIL, "text", "a@b.de"))
        .doesNotContain(Objects.requireNonNull(masked(HASH, "text", "a@b.de")).substring(0, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "email, text",
    "hash, text",
    "name, text",
    "phone, varchar(9)",
    "hash, int",
    "hash, jsonb",
    "hash, text[]",
    "hash, timestamptz"
  })
  void nullStaysNull(String rule, String type) throws Exception {
    assertThat(masked(rule(rule), type, null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"email", "hash", "name", "phone"})
  void theEmptyTextStaysEmpty(String rule) throws Exception {
    assertThat(masked(rule(rule), "text", "")).isEmpty();
  }

  @Test
  void mailAddressesReachNobodyAndFit() throws Exception {
    assertThat(masked(EMAIL, "text", "Jörg@müller.de")).matches("u[0-9a-f]{20}@example\\.com");
    assertThat(masked(EMAIL, "varchar(25)", "Jörg@müller.de"))
        .matches("u[0-9a-f]{12}@example\\.com");
    assertThat(new Transformation(EMAIL, type("varchar(19)")).refusal()).contains("at least 20");
  }

  @Test
  void namesLookLikeNamesWordByWord() throws Exception {
    String whole = masked(NAME, "text", "Jörg  Müller-Lüdenscheidt");
    assertThat(whole).matches("[A-Z][a-z]{7,11} [A-Z][a-z]{7,11}");
    assertThat(whole)
        .isEqualTo(
            masked(NAME, "text", "Jörg") + " " + masked(NAME, "text", "Müller-Lüdenscheidt"));
    assertThat(masked(NAME, "varchar(5)", "Jörg Müller")).hasSize(5);
  }

  @Test
  void phonesKeepTheirForm() throws Exception {
    String phone = masked(PHONE, "varchar(20)", "+49 (170) 123-456/7");
    assertThat(phone).matches("\\+\\d\\d \\(\\d{3}\\) \\d{3}-\\d{3}/\\d");
    assertThat(phone).isNotEqualTo("+49 (170) 123-456/7");
    assertThat(masked(PHONE, "text", "٠١٢ Jörg")).matches("xxx [A-Z]x[a-z]{2}");
  }

  @Test
  void partialKeepsBothEndsOfWhatIsLonger() throws Exception {
    MaskRule partial = new MaskRule.Partial(4, 2);
    assertThat(masked(partial, "text", "DE89 3704 0044 0532 0130 00"))
        .matches("DE89 \\d{4} \\d{4} \\d{4} \\d{4} 00")
        .isNotEqualTo("DE89 3704 0044 0532 0130 00");
    assertThat(masked(partial, "text", "DE8900")).matches("[A-Z]{2}\\d{4}").isNotEqualTo("DE8900");
    assertThat(masked(partial, "text", "日本語テキスト長い")).isEqualTo("日本語テxxx長い");
  }

  @Test
  void constantsReplaceValuesOnly() throws Exception {
    assertThat(masked(new MaskRule.Constant("it's \\ x"), "text", "a")).isEqualTo("it's \\ x");
    assertThat(masked(new MaskRule.Constant("7"), "int", "1")).isEqualTo("7");
    assertThat(masked(new MaskRule.Constant("7"), "int", null)).isNull();
    assertThat(masked(new MaskRule.Null(), "int", "1")).isNull();
  }

  /** Whatever a unique column holds, it stays unique. */
  @ParameterizedTest
  @CsvSource({
    "smallint, -32768, 32767",
    "int, -20000, 20000",
    "int, 2147480000, 2147483647",
    "bigint, -3000, 3000",
    "bigint, 9223372036854770000, 9223372036854775806"
  })
  void wholeNumbersArePermuted(String type, long from, long to) throws Exception {
    List<Long> masked =
        Query.rows(
            connection(),
            row -> row.getLong(1) < 0 == row.getBoolean(2) ? row.getLong(1) : null,
            "SELECT "
                + new Transformation(HASH, type(type)).expression("t.c")
                + ", t.c < 0 FROM (SELECT i::"
                + type
                + " AS c FROM generate_series("
                + from
                + "::bigint, "
                + to
                + ") AS i) AS t, "
                + keys(),
            KEY.inner(),
            KEY.outer());
    assertThat(new HashSet<>(masked)).hasSize((int) (to - from + 1));
    long unchanged =
        IntStream.range(0, masked.size()).filter(i -> masked.get(i) == from + i).count();
    assertThat(unchanged).isLessThan(20);
  }

  @Test
  void theSmallestNumbersAreMasked() throws Exception {
    assertThat(masked(HASH, "bigint", "-9223372036854775808")).startsWith("-");
    assertThat(masked(HASH, "int", "-2147483648")).startsWith("-");
    assertThat(masked(HASH, "smallint", "-32768")).startsWith("-");
  }

  @Test
  void otherTypesKeepTheirForm() throws Exception {
    assertThat(masked(HASH, "numeric(8,2)", "-1234.50")).matches("-\\d{1,4}\\.\\d0");
    assertThat(masked(HASH, "numeric", "NaN")).isEqualTo("NaN");
    assertThat(masked(HASH, "uuid", "00000000-0000-0000-0000-000000000000"))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(masked(HASH, "date", "1984-07-03")).matches("1984-\\d\\d-\\d\\d");
    assertThat(masked(HASH, "date", "infinity")).isEqualTo("infinity");
    assertThat(masked(HASH, "timestamptz", "1984-07-03 12:00:00Z")).startsWith("1984-");
    assertThat(masked(HASH, "timestamp(0)", "0044-03-15 12:00:00 BC")).endsWith("BC");
    assertThat(masked(HASH, "bytea", "\\x00ff")).matches("\\\\x[0-9a-f]{64}");
    assertThat(masked(HASH, "text[]", "{}")).isEqualTo("{}");
    assertThat(masked(HASH, "text[]", "{NULL,\"\"}")).isEqualTo("{NULL,\"\"}");
    assertThat(masked(HASH, "int[]", "{1,NULL,1}")).matches("\\{(\\d+),NULL,\\1}");
  }

  @Test
  void stringsInJsonAreHashedWhereverTheyAre() throws Exception {
    String json =
        "{\"na\\\"me\": \"Jörg \\\" : \\\\\", \"list\": [\"x: \", 1.5e3, null, {\"k\": \"\"}],"
            + " \"b\": true}";
    String masked = masked(HASH, "jsonb", json);
    String hash = "\"[0-9a-f]{32}\"";
    assertThat(masked)
        .matches(
            "\\{\"b\": true, \"list\": \\["
                + hash
                + ", 1500, null, \\{\"k\": \"\"}], \"na\\\\\"me\": "
                + hash
                + "}");
    assertThat(masked(HASH, "json", "{\"a\":\"b\"}")).matches("\\{\"a\": " + hash + "}");
    assertThat(masked(HASH, "jsonb", "\"x\"")).matches(hash);
    assertThat(masked(HASH, "jsonb", "null")).isEqualTo("null");
  }

  @Test
  void typesThatARuleCannotMakeAreRefused() throws Exception {
    assertThat(new Transformation(EMAIL, type("int")).refusal()).contains("of type integer");
    assertThat(new Transformation(NAME, type("jsonb")).refusal())
        .contains("name can make no value");
    assertThat(new Transformation(HASH, type("inet")).refusal()).contains("of type inet");
    assertThat(new Transformation(new MaskRule.Partial(1, 1), type("date")).refusal()).isNotNull();
    assertThat(new Transformation(EMAIL, type("text[]")).refusal()).isNull();
  }

  @Test
  void whatDiffersOnlyInCaseIsEqualWhereTheTypeSaysSo() throws Exception {
    boolean there =
        !Query.rows(
                connection(),
                row -> row.getString(1),
                "SELECT name FROM pg_available_extensions WHERE name = 'citext'")
            .isEmpty();
    assumeTrue(there, "the extension citext is not installed");
    Query.execute(connection(), "CREATE EXTENSION IF NOT EXISTS citext SCHEMA public");
    assertThat(masked(EMAIL, "public.citext", "A@b.de"))
        .isEqualTo(masked(EMAIL, "public.citext", "a@B.de"));
    assertThat(masked(EMAIL, "text", "A@b.de")).isNotEqualTo(masked(EMAIL, "text", "a@B.de"));
  }

  private static MaskRule rule(String name) {
    return switch (name) {
      case "email" -> EMAIL;
      case "hash" -> HASH;
      case "name" -> NAME;
      case "phone" -> PHONE;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static @Nullable String masked(MaskRule rule, String type, @Nullable String value)
      throws SQLException {
    return masked(KEY, rule, type, value);
  }

  private static @Nullable String masked(
      MaskKey key, MaskRule rule, String type, @Nullable String value) throws SQLException {
    String query =
        "SELECT (%s)::%s FROM (SELECT ?::text::%s AS c) AS t, %s"
            .formatted(new Transformation(rule, type(type)).expression("t.c"), type, type, keys());
    try (PreparedStatement statement = connection().prepareStatement(query)) {
      statement.setString(1, value);
      statement.setBytes(2, key.inner());
      statement.setBytes(3, key.outer());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private static String keys() {
    return "(SELECT ?::bytea AS i, ?::bytea AS o, 'UTF8'::name AS e) AS k";
  }

  /** As the catalog tells it of a column. */
  private static ColumnType type(String type) throws SQLException {
    Query.execute(
        connection(),
        "DROP TABLE IF EXISTS public.typed",
        "CREATE TABLE public.typed (c " + type + ")");
    Relation relation =
        Objects.requireNonNull(
            Catalogue.read(connection()).named(new TableName("public", "typed")));
    return Objects.requireNonNull(relation.column("c")).type();
  }

  @Test
  void aStatementNamesWhatItChanges() throws Exception {
    Query.execute(connection(), "DROP TABLE IF EXISTS public.\"Odd \"\"table\"");
    Query.execute(connection(), "CREATE TABLE public.\"Odd \"\"table\" (\"t\" text, \"k.i\" int)");
    Relation relation =
        Objects.requireNonNull(
            Catalogue.read(connection()).named(new TableName("public", "Odd \"table")));
    String statement =
        TableMasking.statement(
            relation,
            Map.of(
                Objects.requireNonNull(relation.column("t")), EMAIL,
                Objects.requireNonNull(relation.column("k.i")), HASH));
    assertThat(Query.update(connection(), statement, KEY.inner(), KEY.outer(), "UTF8")).isZero();
  }
}
