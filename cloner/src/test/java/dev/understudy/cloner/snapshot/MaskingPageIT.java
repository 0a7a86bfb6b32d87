package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.mask.Mask;
import dev.understudy.cloner.mask.Masking;
import dev.understudy.cloner.page.Page;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.SettingsFile;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/masking.md shows what comes out of it. */
class MaskingPageIT {
  private static final String KEY = "\"the key of docs/masking.md\"";
  private static final String SCRIPT = "/etc/understudy/mask-shop.sql";

  @TempDir Path parent;

  @Test
  void theExampleDoesWhatThePageSays() throws Exception {
    List<String> blocks = Page.of("masking.md").indented();
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (EmbeddedPostgres server =
        EmbeddedPostgres.create(parent.resolve("server"), ServerOptions.of(Workbench.embedded()))) {
      execute(server, "postgres", "CREATE DATABASE shop");
      execute(server, "shop", blocks.get(0));
      Mask mask = Mask.load(policy(blocks.get(1), blocks.get(2)), parent);
      try (RecoveredCopy copy =
          RecoveredCopy.open(
              server.socket(), "postgres", server.dataDirectory(), CopyListener.silent())) {
        new Masking(mask).run(copy);
      }
      assertThat(
              rows(
                  server,
                  "SELECT email, name, phone, iban, born, settings FROM customer ORDER BY id"))
          .containsExactlyElementsOf(
              blocks.get(3).lines().skip(2).map(MaskingPageIT::cells).toList());
      assertThat(rows(server, "SELECT name, password FROM login ORDER BY name"))
          .containsExactly(List.of("ann", ""), List.of("tester", "test"));
      assertThat(rows(server, "SELECT id FROM customer JOIN newsletter USING (email)"))
          .containsExactly(List.of("1"));
      assertThat(rows(server, "SELECT * FROM request_log")).isEmpty();
    }
  }

  private MaskPolicy policy(String mask, String script) throws Exception {
    Path file = Files.writeString(parent.resolve("mask-shop.sql"), script);
    Path settings =
        Files.writeString(
            parent.resolve("understudy.conf"),
            """
            understudy {
              sources.prod {
                type = directory, directory = /srv/pg
                %s
              }
              environments.staging { source = prod }
            }
            """
                .formatted(mask.replace(SCRIPT, file.toString()).replace("${MASK_KEY}", KEY)));
    return requireNonNull(
        requireNonNull(SettingsFile.read(settings).settings().sources().get("prod")).mask());
  }

  private static List<String> cells(String line) {
    return Stream.of(line.split("\\|", -1)).map(String::strip).toList();
  }

  private static List<List<String>> rows(EmbeddedPostgres server, String query)
      throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (Connection connection = server.connect("shop", "postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          String cell = rows.getString(i);
          row.add(cell == null ? "" : cell);
        }
        all.add(row);
      }
    }
    return all;
  }

  private static void execute(EmbeddedPostgres server, String database, String commands)
      throws SQLException {
    try (Connection connection = server.connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(commands);
    }
  }
}
