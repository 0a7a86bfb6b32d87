package dev.understudy.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Work;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.server.SampleEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountingTest {
  private static final LocalDate DAY = LocalDate.of(2026, 2, 28);

  @TempDir Path directory;
  private final List<EnvironmentStatus> environments = new ArrayList<>();
  private final Map<String, Work> works = new HashMap<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private Instant now = Instant.parse("2026-02-28T12:00:00Z");
  private boolean isUnreadable;
  private Accounting accounting;

  @BeforeEach
  void begin() {
    accounting =
        new Accounting(
            new Accounting.Ground(
                () -> environments,
                this::work,
                _ -> Optional.of(new Usage(100, 5000)),
                name -> name.substring(0, 2) + "*"),
            new UsageLedger(directory),
            () -> now,
            nanoTime::get);
    accounting.look();
  }

  @Test
  void addsUpWhatBelongsTogether() {
    environments.add(environment("pr-1", "app"));
    environments.add(environment("pr-2", "app"));
    environments.add(environment("qa-1", "app"));
    environments.add(environment("pr-3", null));
    pass(15);
    runs("pr-1", "a", 2000, 600);
    runs("pr-2", "b", 500, 600);
    // Their servers were there before this daemon was.
    accounting.look();
    pass(10);
    runs("pr-1", "a", 3000, 610);
    runs("pr-2", "b", 500, 610);

    assertThat(accounting.between(DAY, DAY))
        .containsExactly(
            row(DAY, null, "pr*", 0, 0, 100),
            row(DAY, "app", "pr*", 50_000, 1000, 200),
            row(DAY, "app", "qa*", 0, 0, 100));
  }

  @Test
  void whatWasStartedMeanwhileCountsFromItsBeginning() {
    environments.add(environment("pr-1", "app"));
    pass(15);
    runs("pr-1", "a", 700, 3);
    accounting.look();

    assertThat(only()).isEqualTo(row(DAY, "app", "pr*", 3_000, 700, 100));
  }

  @Test
  void aServerThatIsWokenBeginsAtZero() {
    environments.add(environment("pr-1", "app"));
    pass(15);
    runs("pr-1", "a", 700, 15);
    accounting.look();
    works.clear();
    pass(15);
    accounting.look();
    pass(15);
    runs("pr-1", "b", 200, 5);
    accounting.look();

    assertThat(only()).isEqualTo(row(DAY, "app", "pr*", 20_000, 900, 100));
  }

  @Test
  void nothingIsCountedTwice() {
    environments.add(environment("pr-1", "app"));
    pass(15);
    runs("pr-1", "a", 700, 15);
    accounting.look();
    isUnreadable = true;
    pass(15);
    accounting.look();
    isUnreadable = false;
    pass(15);
    // For a moment some of it is missing.
    runs("pr-1", "a", 600, 45);
    accounting.look();
    pass(15);
    runs("pr-1", "a", 800, 60);
    accounting.look();

    assertThat(only()).isEqualTo(row(DAY, "app", "pr*", 45_000, 800, 100));
  }

  @Test
  void theNextDaemonGoesOn() {
    environments.add(environment("pr-1", "app"));
    pass(15);
    runs("pr-1", "a", 700, 15);
    accounting.look();
    begin();
    pass(15);
    runs("pr-1", "a", 900, 30);
    accounting.look();

    assertThat(only()).isEqualTo(row(DAY, "app", "pr*", 30_000, 900, 100));
  }

  @Test
  void aNewDayBeginsWithNothing() {
    environments.add(environment("pr-1", "app"));
    pass(15);
    runs("pr-1", "a", 700, 15);
    accounting.look();
    now = Instant.parse("2026-03-01T00:00:01Z");
    pass(15);
    runs("pr-1", "a", 800, 30);

    assertThat(accounting.between(DAY, DAY.plusDays(1)))
        .containsExactly(
            row(DAY, "app", "pr*", 15_000, 700, 100),
            row(DAY.plusDays(1), "app", "pr*", 15_000, 100, 100));
    assertThat(accounting.today()).isEqualTo(DAY.plusDays(1));
  }

  private UsageRow only() {
    List<UsageRow> rows = accounting.between(DAY, DAY);
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private static UsageRow row(
      LocalDate day,
      @Nullable String role,
      String pattern,
      long running,
      long processor,
      long peak) {
    return new UsageRow(day, new Party(role, pattern), new Amount(running, processor, peak));
  }

  private Optional<Work> work(String environment) throws IOException {
    if (isUnreadable) {
      throw new IOException("too many open files");
    }
    return Optional.ofNullable(works.get(environment));
  }

  private void runs(String environment, String meter, long millis, long age) {
    works.put(environment, new Work(meter, Duration.ofMillis(millis), Duration.ofSeconds(age)));
  }

  private void pass(long seconds) {
    nanoTime.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private static EnvironmentStatus environment(String name, @Nullable String owner) {
    return SampleEnvironment.named(name).ownedBy(owner).status();
  }
}
