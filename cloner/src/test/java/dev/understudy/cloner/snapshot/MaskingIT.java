package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.mask.Masking;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.source.CopyListener;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that was masked is left in any byte of a snapshot or of a clone. */
class MaskingIT {
  /** With contrib and lz4, as Debian's. */
  private static final int MAJOR = Integer.getInteger("understudy.mask.major", 15);

  @TempDir Path parent;

  @Test
  void noByteOfWhatWasMaskedIsLeft() throws Exception {
    MaskedShop shop = new MaskedShop(parent);
    Sentinels sentinels = shop.sentinels();
    try (Stage stage = Stage.open(parent, MAJOR, Map.of("wal_level", "logical"))) {
      shop.make(stage);

      stage.prepareBy(new Masking(shop.mask()));
      Snapshot masked;
      try (Connection _ = shop.hold(stage)) {
        stage.execute("CHECKPOINT");
        assertThat(sentinels.search(parent).keySet())
            .containsExactlyInAnyOrderElementsOf(sentinels.all().keySet());
        masked = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      }
      assertThat(sentinels.search(masked.directory())).isEmpty();
      assertThat(shop.keySearch().search(masked.directory())).isEmpty();
      RunningServer clone = stage.startClone(masked);
      try (Connection connection =
          Sql.connect(clone.socket(), "shop", "postgres", Duration.ofSeconds(30))) {
        isWhole(connection);
        holdsNothing(connection, sentinels);
      }
      try (Connection connection =
          Sql.connect(clone.socket(), "unruled", "postgres", Duration.ofSeconds(30))) {
        assertThat(
                MaskedShop.texts(
                    connection,
                    "SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'piped'::regclass"))
            .containsExactly("{schema_name=s,format=csv}");
        assertThat(
                MaskedShop.texts(
                    connection,
                    "SELECT attfdwoptions FROM pg_attribute WHERE attrelid = 'piped'::regclass AND"
                        + " attnum = 1"))
            .containsExactly("{column_name=n}");
      } finally {
        clone.stop(Duration.ofSeconds(30));
      }
      assertThat(sentinels.search(stage.workbench().directory().resolve("clones"))).isEmpty();
      assertThat(masked.findings())
          .filteredOn(finding -> finding.action().contains("belongs to no"))
          .hasSize(
              (int)
                  sentinels.all().keySet().stream()
                      .filter(name -> name.startsWith("file of no"))
                      .count());
      assertThat(masked.findings())
          .contains(
              new Finding(Kind.MASKED_COLUMN, "shop", "public.customer.email", "email"),
              new Finding(Kind.TRUNCATED_TABLE, "shop", "audit.log", "emptied"),
              new Finding(Kind.LARGE_OBJECTS, "shop", "pg_largeobject", "1 removed"),
              new Finding(Kind.COMMENT, "shop", "public.customer", "dropped"),
              new Finding(Kind.REFRESHED_VIEW, "shop", "public.mails", "refreshed"),
              new Finding(
                  Kind.STATISTICS,
                  "shop",
                  "public.spread",
                  "left out: they are of foreign tables' rows, which nobody here can ask for"),
              new Finding(Kind.REFRESHED_VIEW, "shop", "public.seen", "refreshed"),
              new Finding(
                  Kind.STATISTICS,
                  "unruled",
                  "public.far",
                  "left out: they are of foreign tables' rows, which nobody here can ask for"),
              new Finding(
                  Kind.FOREIGN_TABLE,
                  "unruled",
                  "public.piped",
                  "made to lead nowhere, by its options program"),
              new Finding(
                  Kind.FOREIGN_TABLE,
                  "unruled",
                  "public.piped.i",
                  "made to lead nowhere, by its options token"),
              new Finding(Kind.TEMPORARY_RELATION, "shop", "working", "dropped"),
              new Finding(Kind.MASK_SCRIPT, "shop", shop.script().toString(), "run"));
    }
  }

  /** As production, but for the values. */
  private static void isWhole(Connection connection) throws SQLException {
    assertThat(Bank.number(connection, "SELECT count(*) FROM customer")).isEqualTo(2001);
    assertThat(
            Bank.number(
                connection, "SELECT count(*) FROM customer WHERE email LIKE 'u%@example.com'"))
        .isEqualTo(2001);
    assertThat(
            Bank.number(
                connection,
                "SELECT count(*) FROM purchase JOIN customer USING (email) WHERE purchase.id ="
                    + " customer.id"))
        .isEqualTo(2001);
    assertThat(
            Bank.number(
                connection,
                "SELECT count(*) FROM parcel JOIN scan USING (no) WHERE sent = seen AND no <>"
                    + " sent"))
        .isEqualTo(100);
    assertThat(Bank.number(connection, "SELECT count(*) FROM crate WHERE no <> at"))
        .isGreaterThan(90);
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT attrelid::regclass FROM pg_attribute WHERE attidentity = 'a' ORDER BY 1"))
        .containsExactlyElementsOf(
            MAJOR < 17 ? List.of("parcel", "crate") : List.of("parcel", "crate", "crate_1"));
    assertThat(MaskedShop.texts(connection, "SELECT DISTINCT domain FROM customer"))
        .containsExactly("example.com");
    assertThat(MaskedShop.texts(connection, "SELECT DISTINCT name FROM customer WHERE id > 1"))
        .hasSize(1);
    assertThat(Bank.number(connection, "SELECT count(DISTINCT actor) FROM event")).isEqualTo(2);
    assertThat(Bank.number(connection, "SELECT count(*) FROM event")).isEqualTo(200);
    assertThat(
            Bank.number(
                connection,
                "SELECT count(*) FROM mails JOIN customer USING (id) WHERE pair LIKE '%/' ||"
                    + " email"))
        .isEqualTo(2001);
    assertThat(Bank.number(connection, "SELECT count(*) FROM a_first")).isEqualTo(2001);
    assertThat(Bank.number(connection, "SELECT count(*) FROM audit.log")).isZero();
    assertThat(Bank.number(connection, "SELECT count(*) FROM spread_here")).isEqualTo(100);
    assertThat(Bank.number(connection, "SELECT count(*) FROM spilt_here")).isZero();
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'kin' AND attname ="
                    + " 'what'"))
        .containsExactly("{x}");
    assertThat(Bank.number(connection, "SELECT count(*) FROM noted")).isZero();
    assertThat(Bank.number(connection, "SELECT count(*) FROM seen")).isOne();
    assertThat(MaskedShop.texts(connection, "SELECT word FROM spelt WHERE word = 'kept'"))
        .containsExactly("Kept");
    assertThat(MaskedShop.texts(connection, "SELECT name || '=' || value FROM setting"))
        .containsExactly("secret=x");
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT tgname::text || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"))
        .containsExactly("alwaysA");
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT rulename::text || ev_enabled::text FROM pg_rewrite WHERE rulename ="
                    + " 'kept'"))
        .containsExactly("keptR");
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT pubname FROM pg_publication WHERE pubupdate AND pubdelete AND pubtruncate"))
        .containsExactly("everything");
    assertThat(
            Bank.number(
                connection,
                "SELECT count(*) FROM pg_index WHERE NOT (indisready AND indisvalid AND"
                    + " indislive)"))
        .isZero();
    assertThat(MaskedShop.texts(connection, "SELECT col_description('customer'::regclass, 1)"))
        .containsExactly("a number");
    assertThat(Bank.number(connection, "SELECT count(*) FROM pg_class WHERE relpersistence = 't'"))
        .isZero();
    // The planner knows of the same columns as production's, and what clones hold of them.
    assertThat(
            MaskedShop.texts(
                connection,
                "SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'event_1' AND"
                    + " attname = 'actor'"))
        .containsExactlyElementsOf(
            MaskedShop.texts(connection, "SELECT DISTINCT '{' || actor || '}' FROM event_1"));
    assertThat(
            Bank.number(
                connection, "SELECT count(*) FROM pg_stats_ext WHERE most_common_vals IS NOT NULL"))
        .isEqualTo(1);
    assertThat(
            MaskedShop.texts(
                connection, "SELECT attname FROM pg_stats WHERE tablename = 'customer_lower_idx'"))
        .containsExactly("lower");
    assertThat(
            Bank.number(
                connection,
                "SELECT count(*) FROM pg_class WHERE relname IN ('customer', 'event_1')"
                    + " AND relpages > 0 AND relallvisible = relpages"))
        .isEqualTo(2);
    indexesAnswer(connection);
  }

  private static void indexesAnswer(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      for (String column : List.of("email", "pin", "id")) {
        assertThat(
                Bank.number(
                    connection,
                    "SELECT count(*) FROM (SELECT %1$s FROM customer OFFSET 0) a WHERE %1$s IS NOT NULL AND EXISTS (SELECT FROM customer c WHERE c.%1$s = a.%1$s)"
                        .formatted(column)))
            .isEqualTo(2001);
      }
      statement.execute("CREATE EXTENSION amcheck");
      statement.execute(
          "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_index i ON i.indexrelid ="
              + " c.oid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relkind ="
              + " 'i'");
    }
  }

  /** What is decoded holds nothing either. */
  private static void holdsNothing(Connection connection, Sentinels sentinels) throws SQLException {
    List<String> tables =
        MaskedShop.texts(
            connection,
            "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384");
    assertThat(tables).hasSizeGreaterThan(10);
    for (String table : tables) {
      for (String row :
          MaskedShop.texts(connection, "SELECT lower(t::text) FROM ONLY " + table + " t")) {
        assertThat(sentinels.all().values()).as(table).noneMatch(row::contains);
      }
    }
  }
}
