package dev.understudy.integration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotException;
import dev.understudy.config.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A mirror within this process, and what happens to a snapshot when something is done to it. Each
 * snapshot has a row more than the one before. Ends before the shop that it is opened with.
 */
final class MirrorUnderTest implements AutoCloseable {
  static final Duration LONGEST = Duration.ofMinutes(2);

  private final MirroredShop shop;
  private @Nullable Cloner cloner;
  private int round;
  private int environment;

  /** Something that is done to the mirror. */
  interface Fault {
    /** False if there was nothing to hit yet. */
    boolean hit() throws Exception;
  }

  /** What becomes of the snapshot that is being made. */
  enum Outcome {
    /** It is not made. */
    FAILS,
    /** It is not needed for it, or is waited for. */
    MADE,
    /** Either; it depends on the moment. */
    ENDS
  }

  private MirrorUnderTest(MirroredShop shop) {
    this.shop = shop;
  }

  /** With a first snapshot. */
  static MirrorUnderTest open(MirroredShop shop) throws Exception {
    MirrorUnderTest mirror = new MirrorUnderTest(shop);
    boolean open = false;
    try {
      mirror.shop.production().write(++mirror.round);
      mirror.start();
      mirror.serves(mirror.round);
      open = true;
      return mirror;
    } finally {
      if (!open) {
        mirror.close();
      }
    }
  }

  private void start() throws Exception {
    Path file = shop.directory().resolve("understudy.conf");
    Files.writeString(
        file,
        "understudy {\ndata-directory = \"%s\"\nlisten.port = 0\n%s\n}\n"
            .formatted(shop.data().path(), shop.settings()));
    cloner = Cloner.open(SettingsFile.read(file).settings());
  }

  /** Makes the next snapshot begin with a base backup. */
  void loseReplica() throws Exception {
    cloner().close();
    shop.loseReplica();
    start();
  }

  private Cloner cloner() {
    return requireNonNull(cloner, "cloner is null");
  }

  /** Begins a snapshot that has a row more. */
  CompletableFuture<Snapshot> cut() throws Exception {
    shop.production().write(++round);
    return cloner().cutSnapshot("prod");
  }

  /** Meanwhile, the snapshot of before serves. */
  void servesAsBefore() throws Exception {
    serves(round - 1);
  }

  private void serves(int least) throws Exception {
    assertThat(newest()).isGreaterThanOrEqualTo(least);
  }

  /**
   * Does it while a snapshot is being made, and undoes it; then the mirror has to recover.
   *
   * @param mending done by whoever looks after production, not after the mirror
   */
  void survives(MirrorPhase phase, Fault fault, Fault mending, Outcome outcome) throws Exception {
    long began = System.nanoTime();
    CompletableFuture<Snapshot> cutting = cut();
    Await.within(LONGEST, phase.name(), () -> phase.isOn(shop.data()));
    Await.within(LONGEST, "something to hit in " + phase, fault::hit);
    if (outcome == Outcome.MADE) {
      assertThat(cutting).as("before the fault in %s", phase).isNotDone();
    }
    servesAsBefore();
    assertThat(mending.hit()).isTrue();
    ends(cutting, outcome);
    recovers();
    System.err.printf("%s: %d ms%n", phase, (System.nanoTime() - began) / 1_000_000);
  }

  /** And says in words what the matter was. */
  void ends(CompletableFuture<Snapshot> cutting, Outcome outcome) throws Exception {
    try {
      cutting.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      assertThat(outcome).as("made all the same").isNotEqualTo(Outcome.FAILS);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SnapshotException.class);
      assertThat(outcome).as("%s", e.getCause()).isNotEqualTo(Outcome.MADE);
    }
  }

  /** The next try succeeds; it, or one after it where a standby had to connect, has everything. */
  void recovers() throws Exception {
    shop.production().write(++round);
    Await.stays(
        LONGEST,
        "a snapshot with everything",
        () -> {
          cloner().cutSnapshot("prod").get(LONGEST.toSeconds(), TimeUnit.SECONDS);
          return newest() == round;
        });
  }

  /** The last row that a new environment has. */
  private long newest() throws Exception {
    String name = "pr-" + ++environment;
    try (EnvironmentSession session =
            cloner().open(new EnvironmentRequest(name, "shop")).get(60, TimeUnit.SECONDS);
        Connection connection =
            Sql.connect(session.socket(), "shop", "postgres", Duration.ofSeconds(20))) {
      assertThat(Shop.ask(connection, "SELECT count(*) FROM customer"))
          .isEqualTo(MirroredProduction.CUSTOMERS);
      return Shop.ask(connection, "SELECT max(n) FROM round");
    } finally {
      cloner().drop(name).get(60, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    if (cloner != null) {
      cloner.close();
    }
  }
}
