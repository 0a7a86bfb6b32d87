package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.Schedule;
import dev.understudy.config.SnapshotPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots come on demand, on schedule and again after a failure, and go when there are more. */
class SnapshotKeeperIT {
  private static final SnapshotPolicy DAILY = new SnapshotPolicy(new Schedule("0 4 * * *"), 2);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path parent;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<CopyListener> listener =
      new AtomicReference<>(CopyListener.silent());
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicBoolean broken = new AtomicBoolean();
  private final AtomicBoolean unreachable = new AtomicBoolean();
  private Stage stage;
  private SnapshotKeeper keeper;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(parent, 18, Map.of("autovacuum", "off"));
    stage.setClock(this::now);
    keeper =
        new SnapshotKeeper(
            new Brittle(stage.mirror(), broken, unreachable),
            () -> DAILY,
            stage.cutter(),
            stage.store(),
            listener::get,
            published::incrementAndGet,
            this::now,
            () -> ZoneOffset.UTC);
    keeper.start();
  }

  @AfterEach
  void close() throws Exception {
    keeper.close();
    stage.close();
  }

  @Test
  void keepsTheNewestAndThoseThatAreHeld() throws Exception {
    Snapshot first = cut();
    try (HeldSnapshot held = stage.store().hold("prod").orElseThrow()) {
      assertThat(held.snapshot()).isEqualTo(first);
      Snapshot second = cut();
      Snapshot third = cut();
      awaitTrue(() -> stage.store().all().size() == 3);
      assertThat(stage.store().all()).containsExactly(third, second, first);
    }
    Snapshot fourth = cut();
    awaitTrue(() -> stage.store().all().size() == 2);
    assertThat(stage.store().newest("prod")).contains(fourth);
    assertThat(published).hasValue(4);
    awaitTrue(() -> !first.directory().toFile().exists());
  }

  /** As where a tree is in no state that anybody thought of. */
  @Test
  void anOldOneThatCannotBeRemovedEndsNothing() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    Pool pool = new StumblingPool(stage.pool(), fails);
    SnapshotStore store = SnapshotStore.open(stage.workbench().directory(), pool, stage.servers());
    SnapshotCutter cutter = stage.cutter(stage.pool(), store);
    for (int i = 0; i < 3; i++) {
      cutter.cut(stage.mirror(), CopyListener.silent());
    }
    List<Snapshot> cut = store.all();
    SnapshotKeeper one =
        new SnapshotKeeper(
            stage.mirror(),
            () -> new SnapshotPolicy(DAILY.schedule(), 1),
            cutter,
            store,
            CopyListener::silent,
            () -> {},
            this::now,
            () -> ZoneOffset.UTC);
    fails.set(true);
    try {
      one.start();
      awaitTrue(() -> !fails.get());
      awaitTrue(() -> cut.stream().filter(each -> each.directory().toFile().exists()).count() == 2);

      Snapshot next = one.cut().get(60, TimeUnit.SECONDS);

      assertThat(store.newest("prod")).contains(next);
    } finally {
      one.close();
      for (Snapshot each : store.all()) {
        store.delete(each);
      }
    }
  }

  @Test
  void aLaterOneIsTheNewestAlsoIfTheClockWasSetBack() throws Exception {
    Snapshot first = cut();
    ahead.set(DAY.negated());

    Snapshot second = cut();
    Snapshot third = cut();

    awaitTrue(() -> stage.store().all().size() == 2);
    assertThat(stage.store().all()).containsExactly(third, second).doesNotContain(first);
  }

  @Test
  void cutsOnScheduleWhatHasChanged() throws Exception {
    Snapshot first = cut();
    write();
    ahead.set(DAY);
    awaitTrue(() -> !stage.store().newest("prod").equals(Optional.of(first)));
    Snapshot second = stage.store().newest("prod").orElseThrow();

    ahead.set(DAY.multipliedBy(2));
    // Nothing was written: the schedule passes it by, so that the next request is the next one.
    CompletableFuture<Snapshot> third = keeper.cut();
    assertThat(third.get(60, TimeUnit.SECONDS).position()).isEqualTo(second.position());
    awaitTrue(() -> stage.store().all().size() == 2);
    assertThat(stage.store().all()).contains(second);
  }

  @Test
  void aFailureLeavesTheOldInServiceAndIsMadeGoodByItself() throws Exception {
    Snapshot first = cut();
    stage.production().stop();
    Throwable why = requireNonNull(catchThrowable(this::cut));
    assertThat(why)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SnapshotException.class);
    CutStatistics statistics = keeper.statistics();
    assertThat(requireNonNull(statistics.failure()).message())
        .isEqualTo(requireNonNull(why.getCause()).getMessage());
    assertThat(statistics.cut()).isOne();
    assertThat(statistics.failed()).isOne();
    assertThat(statistics.last()).isPositive();
    assertThat(stage.store().all()).containsExactly(first);
    assertThat(stage.snapshots()).isDirectoryNotContaining(path -> !path.equals(first.directory()));

    stage.production().start();
    write();
    ahead.set(Duration.ofMinutes(1));
    awaitTrue(() -> keeper.statistics().cut() == 2);
    assertThat(keeper.statistics().failure()).isNull();
    assertThat(stage.store().all()).hasSize(2);
  }

  @Test
  void closingEndsTheCutAndWhoWaitsForIt() throws Exception {
    CountDownLatch copying = new CountDownLatch(1);
    listener.set((files, bytes, total) -> copying.countDown());
    CompletableFuture<Snapshot> cut = keeper.cut();
    copying.await();
    CompletableFuture<Snapshot> next = keeper.cut();
    keeper.close();

    assertThat(cut).isCompletedExceptionally();
    assertThat(next).isCompletedExceptionally();
    assertThat(keeper.cut()).isCompletedExceptionally();
    assertThat(stage.snapshots()).isEmptyDirectory();
  }

  @Test
  void aSourceThatCannotBeAskedIsCutAllTheSame() throws Exception {
    Snapshot first = cut();
    broken.set(true);

    ahead.set(DAY);

    awaitTrue(() -> !stage.store().newest("prod").equals(Optional.of(first)));
    assertThat(cut()).isNotNull();
  }

  @Test
  void whereItCannotBeKnownWhetherAnythingWasWrittenThatIsTold() throws Exception {
    Snapshot first = cut();
    unreachable.set(true);
    ahead.set(DAY);
    awaitTrue(() -> keeper.statistics().failed() == 1);

    assertThat(requireNonNull(keeper.statistics().failure()).message())
        .isEqualTo("production is away");
    assertThat(stage.store().all()).containsExactly(first);

    unreachable.set(false);
    ahead.set(DAY.plusMinutes(1));
    awaitTrue(() -> keeper.statistics().failure() == null);
    assertThat(stage.store().all()).as("nothing was written").containsExactly(first);
  }

  /** A commit need not be that of the newest transaction, nor of the oldest. */
  @Test
  void positionMovesWithACommitOfLongAgoBegunWork() throws Exception {
    write();
    try (Connection oldest = stage.production().connect("postgres", "postgres");
        Connection older = stage.production().connect("postgres", "postgres")) {
      for (Connection connection : List.of(oldest, older)) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("INSERT INTO written VALUES (now())");
      }
      write();
      Optional<String> before = stage.mirror().position();
      assertThat(stage.mirror().position()).isEqualTo(before).isPresent();

      older.commit();

      assertThat(stage.mirror().position()).isNotEqualTo(before);
    }
  }

  /** A source that may have a bug, and whose production may be away. */
  private record Brittle(Mirror mirror, AtomicBoolean broken, AtomicBoolean unreachable)
      implements Mirror {
    @Override
    public String name() {
      return mirror.name();
    }

    @Override
    public String describe() {
      return mirror.describe();
    }

    @Override
    public Optional<String> position() throws SourceException, InterruptedException {
      if (broken.get()) {
        throw new UncheckedIOException(new IOException("a broken disk"));
      }
      return mirror.position();
    }

    @Override
    public boolean isChangedSince(String position) throws SourceException, InterruptedException {
      if (unreachable.get()) {
        throw new SourceException(
            SourceException.Kind.CONNECTION, "production is away", null, null);
      }
      return Mirror.super.isChangedSince(position);
    }

    @Override
    public SourceCopy copyInto(Path tree, CopyListener listener)
        throws SourceException, InterruptedException {
      return mirror.copyInto(tree, listener);
    }
  }

  private Snapshot cut() throws Exception {
    return keeper.cut().get(60, TimeUnit.SECONDS);
  }

  private void write() throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS written (at timestamptz)");
      statement.execute("INSERT INTO written VALUES (now())");
    }
  }

  private Instant now() {
    return Instant.now().plus(ahead.get());
  }

  private static void awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
