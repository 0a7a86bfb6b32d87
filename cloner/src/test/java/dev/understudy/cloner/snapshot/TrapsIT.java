package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.page.Page;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.SettingsFile;
import dev.understudy.config.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of an ordinary user's that are named as those we call on production. */
class TrapsIT {
  private static final List<String> TRAPS =
      List.of(
          "pg_create_physical_replication_slot(varchar, boolean, boolean)",
          "pg_backup_start(varchar, boolean)",
          "quote_ident(text)",
          "current_setting(varchar)",
          "set_config(text, varchar, boolean)",
          "lower(varchar)");

  @TempDir Path parent;

  @Test
  void areNotCalled() throws Exception {
    try (Stage stage =
        Stage.open(parent, 18, Map.of("search_path", "shop, public", "lock_timeout", "7s"))) {
      try (Connection connection = stage.production().connect("postgres", "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("SET search_path = public");
        statement.execute("CREATE TABLE sprung (name text)");
        for (String trap : TRAPS) {
          statement.execute(
              "CREATE FUNCTION public.%1$s RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.sprung VALUES ('%1$s'); RETURN '0'; END $$"
                  .formatted(trap));
        }
        statement.execute("ALTER DATABASE postgres SET search_path = public, pg_catalog");
      }
      Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      try (Connection connection = stage.production().connect("postgres", "postgres")) {
        assertThat(Bank.number(connection, "SELECT count(*) FROM public.sprung")).isZero();
      }
      assertThat(snapshot.settings()).containsEntry("search_path", "shop, public");
    }
  }

  /**
   * Who may not read production's files of settings sees in RESET what the server has. By the
   * example of docs/sources.md.
   */
  @Test
  void settingsOfOurSessionHideNone() throws Exception {
    try (Stage stage =
        Stage.open(
            parent,
            18,
            Map.of("search_path", "shop, public", "lock_timeout", "7s", "shop.tenant", "3"))) {
      List<String> blocks = Page.of("sources.md").section("`directory`").indented();
      stage.execute(blocks.get(1));
      Source source = source(stage, blocks.getFirst());
      assertThat(stage.cutter().cut(stage.mirror(source), CopyListener.silent()).settings())
          .containsEntry("search_path", "shop, public")
          .containsEntry("lock_timeout", "7000")
          .doesNotContainKey("shop.tenant");
      stage.execute(blocks.get(2));
      assertThat(stage.cutter().cut(stage.mirror(source), CopyListener.silent()).settings())
          .containsEntry("shop.tenant", "3");
    }
  }

  /** That of the page, with this production's directory and the page's role. */
  private Source source(Stage stage, String example) throws Exception {
    Path file =
        Files.writeString(
            parent.resolve("understudy.conf"),
            """
            understudy {
              %s
              sources.prod.url = "postgresql://understudy@/postgres"
              environments.staging { source = prod }
            }
            """
                .formatted(
                    example.replace(
                        "/var/lib/postgresql/15/main",
                        "\"%s\"".formatted(stage.production().dataDirectory()))));
    return requireNonNull(SettingsFile.read(file).settings().sources().get("prod"));
  }
}
