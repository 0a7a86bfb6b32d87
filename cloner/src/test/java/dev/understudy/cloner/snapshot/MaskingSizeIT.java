package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.mask.Mask;
import dev.understudy.cloner.mask.Masking;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
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
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of {@code -Dunderstudy.mask.rows} rows (50,000), and how long its masking takes. */
class MaskingSizeIT {
  private static final int ROWS = Integer.getInteger("understudy.mask.rows", 50_000);

  @TempDir Path parent;

  @Test
  void whatIsUniqueStaysUniqueInALargeTable() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (EmbeddedPostgres server =
            EmbeddedPostgres.create(
                parent.resolve("server"),
                ServerOptions.of(Workbench.embedded())
                    .withSettings(Map.of("fsync", "off", "max_wal_size", "4GB")));
        Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE customer AS SELECT i AS id, 'ann.' || i || '@shop.example' AS email,
            'Ann Number' || i AS name, '+49 170 ' || 1000000 + i AS phone, i AS pin,
            repeat('x', 100) AS filler
          FROM generate_series(1, %d) AS i\
          """
              .formatted(ROWS));
      statement.execute(
          "ALTER TABLE customer ADD PRIMARY KEY (id), ADD UNIQUE (email), ADD UNIQUE (pin)");
      statement.execute("CREATE INDEX ON customer (lower(name))");
      statement.execute("VACUUM ANALYZE customer");
      Mask mask = Mask.load(policy(), parent);
      Heard heard = new Heard();
      long began = System.nanoTime();
      try (RecoveredCopy copy =
          RecoveredCopy.open(server.socket(), "postgres", server.dataDirectory(), heard)) {
        new Masking(mask).run(copy);
      }
      System.out.printf(
          "masked email, name, phone and a whole number of %d rows with 4 indexes in %d ms%n",
          ROWS, (System.nanoTime() - began) / 1_000_000);
      assertThat(heard.bytes).as("never less than before").isSorted();
      assertThat(heard.bytes.getLast()).as("all at the end").isEqualTo(heard.total);
      assertThat(
              Bank.number(
                  connection,
                  "SELECT count(*) FROM customer WHERE email LIKE 'u%@example.com' AND phone LIKE"
                      + " '+__ ___ _______' AND pin IS NOT NULL AND name NOT LIKE 'Ann%'"))
          .isEqualTo(ROWS);
      assertThat(Bank.number(connection, "SELECT count(DISTINCT email) FROM customer"))
          .isEqualTo(ROWS);
    }
  }

  /** How far the masking was. */
  private static final class Heard implements CopyListener {
    private final List<Long> bytes = new CopyOnWriteArrayList<>();
    private volatile long total;

    @Override
    public void copied(long files, long copied, long all) {}

    @Override
    public void masked(long tables, long masked, long all) {
      bytes.add(masked);
      total = all;
    }
  }

  private static MaskPolicy policy() {
    return new MaskPolicy(
        new Secret("a key for tests only"),
        false,
        Map.of(
            "postgres",
            new DatabaseMask(
                Map.of(
                    column("email"), new MaskRule.Email(),
                    column("name"), new MaskRule.Name(),
                    column("phone"), new MaskRule.Phone(),
                    column("pin"), new MaskRule.Hash()),
                List.of(),
                null,
                List.of())));
  }

  private static ColumnName column(String name) {
    return new ColumnName(new TableName("public", "customer"), name);
  }
}
