package dev.understudy.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.server.SampleSnapshot;
import dev.understudy.server.operate.Snapshots;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotViewsTest {
  private static final Map<String, List<Snapshot>> SNAPSHOTS =
      Map.of(
          "prod",
          List.of(
              SampleSnapshot.of(
                  "prod",
                  "s2",
                  new Finding(Kind.SUBSCRIPTION, "shop", "incoming", "dropped"),
                  new Finding(Kind.FILE, null, "server.key", "removed"),
                  new Finding(Kind.SETTING, null, "archive_command", "left out")),
              SampleSnapshot.of("prod", "s1")),
          "books",
          List.of(
              SampleSnapshot.of(
                  "books", "s3", new Finding(Kind.PASSWORD, null, "app", "replaced"))));

  private final SnapshotViews views =
      new SnapshotViews(
          new Snapshots(
              () -> List.of("prod", "books"), source -> SNAPSHOTS.getOrDefault(source, List.of())));

  @Test
  void showsWhatWasFoundByKind() throws Exception {
    View<?> view = views.findings(null);

    assertThat(view.columns())
        .extracting(Column::name)
        .containsExactly("source", "snapshot", "kind", "database", "name", "action");
    assertThat(rows(view))
        .containsExactly(
            row("prod", "s2", "setting", null, "archive_command", "left out"),
            row("prod", "s2", "subscription", "shop", "incoming", "dropped"),
            row("prod", "s2", "file", null, "server.key", "removed"),
            row("books", "s3", "password", null, "app", "replaced"));
  }

  @Test
  void showsThatOfOneSnapshotAlone() throws Exception {
    assertThat(rows(views.findings("s3")))
        .containsExactly(row("books", "s3", "password", null, "app", "replaced"));
    assertThat(rows(views.findings("s1"))).isEmpty();
  }

  @Test
  void refusesASnapshotThatThereIsNot() {
    assertThatThrownBy(() -> rows(views.findings("s0")))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ConsoleException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42704");
              assertThat(e).hasMessage("snapshot \"s0\" does not exist");
              assertThat(e.hint()).contains("SHOW SNAPSHOTS");
            });
  }

  private static List<List<@Nullable Object>> rows(View<?> view) throws Exception {
    return view.execute().get(20, TimeUnit.SECONDS).rows();
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
