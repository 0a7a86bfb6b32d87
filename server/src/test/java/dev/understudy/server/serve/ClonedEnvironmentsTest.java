package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.environment.Effect;
import dev.understudy.cloner.environment.EnvironmentNotice;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.proxy.environment.ConnectTimings;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.Notice;
import dev.understudy.proxy.environment.OpenRequest;
import dev.understudy.server.metrics.OpenMeters;
import dev.understudy.server.operate.Connects;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClonedEnvironmentsTest {
  private final List<EnvironmentRequest> asked = new ArrayList<>();
  private final CompletableFuture<EnvironmentSession> creation = new CompletableFuture<>();
  private final List<EnvironmentStatus> existing = new ArrayList<>();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ClonedEnvironments environments =
      new ClonedEnvironments(
          request -> {
            asked.add(request);
            return creation;
          },
          new OpenMeters(registry, name -> "pr-*"),
          new Connects(() -> existing));
  private final CompletableFuture<Lease> wait = open();

  @Test
  void whatTheLoginHoldsForIsWhatIsAskedFor() {
    assertThat(asked).containsExactly(new EnvironmentRequest("pr-1", "shop", "app", null, "c1"));
  }

  @Test
  void aSessionBecomesALease() {
    FakeSession session = new FakeSession();
    creation.complete(session);

    Lease lease = wait.join();
    assertThat(lease.socket()).isEqualTo(session.socket());
    assertThat(lease.settings())
        .isEqualTo(
            Map.of(
                "understudy.environment", "pr-1",
                "understudy.source", "prod",
                "understudy.data_time", "2026-01-02T03:04:05Z"));
    assertThat(lease.notices()).containsExactly(new Notice("expires", "soon", "extend"));
    Supplier<CompletableFuture<Void>> letGo = CompletableFuture::new;
    lease.whenStopping(letGo);
    assertThat(session.letGo).isSameAs(letGo);
    lease.clientActivity();
    lease.connected(new ConnectTimings(Duration.ofMillis(1), Duration.ofMillis(2)));
    assertThat(
            registry
                .get("understudy.connect.phase")
                .tags("kind", "woken", "phase", "connect")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(2);
    assertThat(
            registry
                .get("understudy.connect.phase")
                .tags("kind", "woken", "phase", "start")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(3);
    lease.close();
    lease.close();
    assertThat(session.activities).isOne();
    assertThat(registry.get("understudy.sessions.closed").counter().count()).isOne();
    assertThat(session.closes).isOne();
  }

  @Test
  void aWaitThatWasGivenUpClosesItsSessionAndLeavesTheCreationAlone() {
    wait.cancel(true);
    assertThat(creation).isNotDone();

    FakeSession session = new FakeSession();
    creation.complete(session);
    assertThat(session.closes).isOne();
  }

  @Test
  void howItWasFoundIsCounted() {
    creation.complete(new FakeSession());
    CompletableFuture<Lease> _ = open();
    creation.obtrudeValue(new FakeSession(CreationTimings.NOTHING));
    CompletableFuture<Lease> _ = open();
    creation.obtrudeValue(
        new FakeSession(new CreationTimings(Duration.ofMillis(1), Duration.ZERO, Duration.ZERO)));
    CompletableFuture<Lease> _ = open();

    assertThat(
            registry.find("understudy.open").timers().stream()
                .collect(Collectors.toMap(t -> t.getId().getTag("kind"), Timer::count)))
        .isEqualTo(Map.of("woken", 1L, "running", 1L, "spare", 1L, "created", 1L));
  }

  @Test
  void refusalsAreCounted() {
    creation.completeExceptionally(new IllegalStateException());

    assertThat(registry.get("understudy.opens.refused").tag("sqlstate", "58000").counter().count())
        .isOne();
  }

  @Test
  void whatWasDoneForItIsAudited() {
    try (AuditLog log = new AuditLog()) {
      FakeSession session = new FakeSession();
      creation.complete(session); // it ran
      assertThat(log.lines()).isEmpty();
      for (Effect effect : Effect.values()) {
        session.effect = effect;
        CompletableFuture<Lease> _ = open();
      }

      String who = "login=\"ann\" role=\"app\" via=connect from=c/<unresolved>:1 operation=\"";
      assertThat(log.lines())
          .containsExactly(
              who + "CREATE ENVIRONMENT\" subject=\"pr-1\" outcome=done",
              who + "RESET ENVIRONMENT\" subject=\"pr-1\" outcome=done",
              who + "RESUME ENVIRONMENT\" subject=\"pr-1\" outcome=done");
    }
  }

  @Test
  void soIsWhatCouldNotBeDone() {
    creation.completeExceptionally(
        new EnvironmentUnavailable(Kind.STORAGE_FULL, "nearly full", null, null, null));
    try (AuditLog log = new AuditLog()) {
      CompletableFuture<Lease> _ = open();
      existing.add(Samples.environment("pr-1", false));
      CompletableFuture<Lease> _ = open();
      CompletableFuture<Lease> _ = open("run-7");
      existing.set(0, Samples.environment("pr-1", true));
      CompletableFuture<Lease> _ = open(); // only this connection is refused

      assertThat(log.lines())
          .extracting(line -> line.substring(line.indexOf("operation=")))
          .containsExactly(
              "operation=\"CREATE ENVIRONMENT\" subject=\"pr-1\" outcome=53100",
              "operation=\"RESUME ENVIRONMENT\" subject=\"pr-1\" outcome=53100",
              "operation=\"RESET ENVIRONMENT\" subject=\"pr-1\" outcome=53100");
    }
  }

  private CompletableFuture<Lease> open() {
    return open(null);
  }

  private CompletableFuture<Lease> open(@Nullable String fresh) {
    return environments.open(
        new OpenRequest(
            "pr-1", "shop", fresh, "ann", "app", "c1", InetSocketAddress.createUnresolved("c", 1)));
  }

  @Test
  void whatAClientMayReadIsPassedOn() {
    creation.completeExceptionally(
        new EnvironmentUnavailable(Kind.STORAGE_FULL, "nearly full", "3 MB left", "drop", null));

    assertThatThrownBy(wait::join)
        .cause()
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("53100");
              assertThat(e).hasMessage("nearly full");
              assertThat(e.detail()).isEqualTo("3 MB left");
              assertThat(e.hint()).isEqualTo("drop");
            });
  }

  @Test
  void whatAClientMayNotReadStaysInside() {
    creation.completeExceptionally(new IllegalStateException("/secret/path"));

    assertThatThrownBy(wait::join)
        .cause()
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("58000");
              assertThat(e.getMessage() + e.detail() + e.hint()).doesNotContain("secret");
              assertThat(e).hasRootCauseMessage("/secret/path");
            });
  }

  private static final class FakeSession implements EnvironmentSession {
    private final @Nullable CreationTimings timings;
    private @Nullable Effect effect;
    private int activities;
    private int closes;
    private @Nullable Supplier<CompletableFuture<Void>> letGo;

    FakeSession() {
      this(null);
    }

    FakeSession(@Nullable CreationTimings timings) {
      this.timings = timings;
    }

    @Override
    public Path socket() {
      return Path.of("/run/.s.PGSQL.5432");
    }

    @Override
    public String environment() {
      return "pr-1";
    }

    @Override
    public String source() {
      return "prod";
    }

    @Override
    public Instant dataTime() {
      return Instant.parse("2026-01-02T03:04:05Z");
    }

    @Override
    public Optional<CreationTimings> creation() {
      return Optional.ofNullable(timings);
    }

    @Override
    public Optional<Duration> start() {
      return timings == null ? Optional.of(Duration.ofMillis(3)) : Optional.empty();
    }

    @Override
    public Optional<Effect> effect() {
      return Optional.ofNullable(effect);
    }

    @Override
    public List<EnvironmentNotice> notices() {
      return List.of(new EnvironmentNotice("expires", "soon", "extend"));
    }

    @Override
    public void whenStopping(Supplier<CompletableFuture<Void>> letGo) {
      this.letGo = letGo;
    }

    @Override
    public void activity() {
      activities++;
    }

    @Override
    public void close() {
      closes++;
    }
  }
}
