package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogQueryTest {
  private static final Parameters PARAMETERS = new Parameters("app");

  private static @Nullable ConsoleStatement prepare(String text) {
    return CatalogQuery.prepare(text, PARAMETERS);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        // pgcli
        "SELECT * FROM unnest(current_schemas(true)), ?column?",
        "SELECT nspname FROM pg_catalog.pg_namespace ORDER BY 1, nspname",
        "`SELECT n.nspname schema_name, c.relname table_name FROM pg_catalog.pg_class c WHERE"
            + " c.relkind = ANY($1)`, schema_name table_name",
        "`SELECT att.atttypid::regtype::text type_name, pg_catalog.pg_get_expr(def.adbin,"
            + " def.adrelid, true) as default FROM pg_attrdef def`, type_name default",
        "WITH w AS (SELECT 1 FROM pg_proc) SELECT Word FROM w JOIN pg_proc p ON true, word",
        // psql
        "`SELECT n.nspname as \"Schema\", CASE c.relkind WHEN 'r' THEN 'table' END as \"Type\","
            + " pg_catalog.pg_get_userbyid(c.relowner) as \"Owner\" FROM pg_catalog.pg_class c`,"
            + " Schema Type Owner",
        // GUIs
        "`select N.oid::bigint as id, N.datdba::text from pg_catalog.pg_tablespace N`, id datdba",
        // drivers
        "`SELECT t.oid, t.typname::text, array_upper(a, 1), 'x', (SELECT 1 FROM y) FROM pg_type t`,"
            + " oid typname array_upper ?column? ?column?",
        "`SELECT DISTINCT ON (a, b) a IS DISTINCT FROM b AS d, e FROM pg_class`, d e",
        "`SELECT CASE WHEN a THEN b END FROM information_schema.tables`, case",
        "`SELECT n.oid,n.*,d.description FROM pg_catalog.pg_namespace n`, oid description"
      })
  void hasTheColumnsThatWereAskedForAndNoRows(String query, String names) throws Exception {
    ConsoleStatement statement = requireNonNull(prepare(query));

    assertThat(statement.columns())
        .extracting(Column::name)
        .containsExactlyElementsOf(List.of(names.split(" ", -1)));
    ConsoleResult result = statement.execute().get();
    assertThat(result.rows()).isEmpty();
    assertThat(result.tag()).isEqualTo("SELECT 0");
    assertThat(result.notices()).hasSize(1);
  }

  @Test
  void knowsOneDatabase() throws Exception {
    ConsoleStatement psql =
        requireNonNull(
            prepare(
                "SELECT d.datname as \"Name\", pg_catalog.pg_get_userbyid(d.datdba) as \"Owner\","
                    + " d.datcollate as \"Collate\" FROM pg_catalog.pg_database d ORDER BY 1"));
    List<@Nullable Object> row = psql.execute().get().rows().getFirst();
    assertThat(row).containsExactly("understudy", "understudy", "C");

    ConsoleStatement dbeaver =
        requireNonNull(
            prepare("SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datname=$1"));
    assertThat(dbeaver.parameters()).isOne();
    assertThat(dbeaver.columns()).extracting(Column::name).contains("datname", "datallowconn");
    assertThat(dbeaver.execute().get().rows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "SELECT 1 FROM pg_database WHERE datname = 'understudy', 1",
        "SELECT 1 FROM pg_database WHERE datname = 'shop', 0",
        "SELECT count(*) FROM pg_class, 1",
        "SELECT EXISTS (SELECT 1 FROM pg_class), 1",
        "SELECT count(*) FROM pg_class GROUP BY relkind, 0",
        "SELECT count(*) OVER () FROM pg_class, 0",
        "SELECT relname FROM pg_class, 0",
        "SELECT setting FROM pg_settings WHERE name = 'no_such', 0",
        "SELECT name FROM pg_settings, 0",
        "SELECT typlen FROM pg_type WHERE typname = 'text', 0",
        "`SELECT typlen, typcategory FROM pg_type WHERE typname = 'name'`, 0"
      })
  void saysWhatThereIs(String query, int rows) throws Exception {
    assertThat(requireNonNull(prepare(query)).execute().get().rows()).hasSize(rows);
  }

  @Test
  void aggregatesHaveARowOfNothing() throws Exception {
    assertThat(row("SELECT count(*), max(oid) AS newest FROM pg_class")).containsExactly("0", null);
    assertThat(
            row("select string_agg(word, ',') from pg_catalog.pg_get_keywords() where word <> 'a'"))
        .containsExactly("");
    assertThat(row("SELECT pg_catalog.array_agg(relname) FROM pg_class"))
        .containsExactly((Object) null);
  }

  /** As pgjdbc asks for them. */
  @Test
  void boundsAreKnown() throws Exception {
    assertThat(row("SELECT setting FROM pg_catalog.pg_settings WHERE name='max_index_keys'"))
        .containsExactly("32");
    assertThat(
            row(
                "SELECT setting FROM pg_catalog.pg_settings WHERE"
                    + " name='default_transaction_isolation'"))
        .containsExactly("read committed");
    assertThat(
            row(
                "SELECT t.typlen FROM pg_catalog.pg_type t, pg_catalog.pg_namespace n WHERE"
                    + " t.typnamespace=n.oid AND t.typname='name' AND n.nspname='pg_catalog'"))
        .containsExactly("64");
  }

  private static List<@Nullable Object> row(String query) throws Exception {
    List<List<@Nullable Object>> rows = requireNonNull(prepare(query)).execute().get().rows();
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT * FROM customer",
        "SELECT name FROM \"PG\" JOIN customer",
        "INSERT INTO pg_class VALUES (1)",
        "SHOW ENVIRONMENTS",
        "WITH pg_x AS",
        "",
        "SELECT 'FROM pg_class'"
      })
  void leavesEverythingElse(String text) {
    assertThat(prepare(text)).isNull();
  }

  @Test
  void takesNoLongerForWhatIsLong() {
    assertThat(prepare("SELECT x FROM pg_class WHERE" + " (".repeat(1 << 19))).isNull();
    assertThat(prepare("SELECT " + "(".repeat(9_000) + " FROM pg_class")).isNull();
    assertThat(prepare("SELECT " + "a,".repeat(4_000) + "b FROM pg_class")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT $99999999999 FROM pg_class", "SELECT $ FROM pg_class"})
  void survivesParametersThatCannotBe(String text) {
    assertThat(requireNonNull(prepare(text)).parameters()).isZero();
  }
}
