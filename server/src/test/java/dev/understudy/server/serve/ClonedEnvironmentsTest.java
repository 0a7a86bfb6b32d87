package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.environment.EnvironmentNotice;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.Notice;
import dev.understudy.proxy.environment.OpenRequest;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClonedEnvironmentsTest {
  private final List<EnvironmentRequest> asked = new ArrayList<>();
  private final CompletableFuture<EnvironmentSession> creation = new CompletableFuture<>();
  private final ClonedEnvironments environments =
      new ClonedEnvironments(request -> {
        asked.add(request);
        return creation;
      });
  private final CompletableFuture<Lease> wait =
      environments.open(
          new OpenRequest(
              "pr-1",
              "shop",
              null,
              "app",
              "app",
              "c1",
              InetSocketAddress.createUnresolved("c", 1)));

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
    lease.close();
    assertThat(session.activities).isOne();
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
    private int activities;
    private int closes;
    private @Nullable Supplier<CompletableFuture<Void>> letGo;

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
      return Optional.empty();
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
