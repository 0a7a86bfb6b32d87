package dev.understudy.server.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.Secret;
import dev.understudy.config.Setting;
import dev.understudy.config.Settings;
import dev.understudy.config.User;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.client.Clients;
import dev.understudy.server.SampleEnvironment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DaemonOperationsTest {
  private static final Actor ALICE = new Actor("alice", "app", false, "test", "here");
  private static final Actor ROOT = new Actor("root", "postgres", true, "test", "here");

  private final Clients clients = new Clients(_ -> "pr-*");
  private final List<String> done = new ArrayList<>();
  private final DaemonOperations operations =
      new DaemonOperations(
          actor -> List.of(environment(actor.administrator() ? "pr-2" : "pr-1")),
          clients,
          new FakeControl(),
          DaemonOperationsTest::settings);

  private final class FakeControl implements DaemonControl {
    @Override
    public Reloaded reload() {
      done.add("reload");
      return new Reloaded(List.of("listen.port"), List.of());
    }

    @Override
    public void shutdown(ShutdownMode mode) {
      done.add("shutdown " + mode);
    }

    @Override
    public int logins() {
      return 3;
    }
  }

  @Test
  void everybodySeesWhatIsOfTheirRole() {
    enter("alice", "app", "pr-9");
    enter("bob", "other", "pr-1");
    enter("bob", "other", "pr-9");
    enter("alice", "app", null);
    enter("bob", "other", null);

    assertThat(operations.clients(ALICE))
        .extracting(
            client -> client.description().login() + " " + client.description().environment())
        .containsExactly("alice pr-9", "bob pr-1", "alice null");
    assertThat(operations.clients(ROOT)).hasSize(5);
    assertThat(operations.statistics(ALICE))
        .extracting(statistics -> statistics.name().toString())
        .containsExactly("shop@pr-1");
    assertThat(operations.statistics(ROOT)).hasSize(3);
    assertThat(operations.users(ALICE)).containsExactly("alice");
    assertThat(operations.users(ROOT)).containsExactly("alice", "root");
    assertThat(operations.logins(ALICE)).isZero();
    assertThat(operations.logins(ROOT)).isEqualTo(3);
  }

  @Test
  void settingsThatNameSomebodyAreForAdministrators() {
    assertThat(operations.settings(ALICE))
        .extracting(Setting::key)
        .contains("listen.max-connections", "limits.running")
        .noneMatch(key -> key.startsWith("users.") || key.equals("data-directory"));
    assertThat(operations.settings(ROOT))
        .extracting(Setting::key)
        .contains("users.root.password", "data-directory");
    assertThat(operations.settings(ROOT).toString()).doesNotContain("s3cret");
  }

  @Test
  void administratorsAloneDoSomething() throws Exception {
    for (CompletableFuture<?> refused :
        List.of(
            operations.reload(ALICE),
            operations.killClient(ALICE, 1),
            operations.shutdown(ALICE, ShutdownMode.DRAIN))) {
      assertState(refused, "42501");
    }
    assertThat(done).isEmpty();

    assertThat(operations.reload(ROOT).get(10, TimeUnit.SECONDS).waiting())
        .containsExactly("listen.port");
    var _ = operations.shutdown(ROOT, ShutdownMode.IMMEDIATE).get();
    assertThat(done).containsExactly("reload", "shutdown IMMEDIATE");
  }

  @Test
  void endsTheSessionThatIsMeant() throws Exception {
    enter("alice", "app", "pr-1");
    long id = clients.list().getFirst().id();

    assertState(operations.killClient(ROOT, id + 1), "42704");
    var _ = operations.killClient(ROOT, id).get();
    assertThat(done).containsExactly("kill alice");
  }

  private static void assertState(CompletableFuture<?> failed, String sqlState) {
    assertThatThrownBy(failed::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            OperationException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo(sqlState);
              assertThat(e.hint()).isNotBlank();
            });
  }

  private void enter(String login, String role, @Nullable String environment) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
    Client _ =
        clients.begin(
            new ClientDescription(
                login, role, "shop", environment, Replication.NONE, "", address, address, ""),
            () -> done.add("kill " + login));
  }

  private static EnvironmentStatus environment(String name) {
    return SampleEnvironment.named(name).status();
  }

  private static Settings settings() {
    return new Settings(
        Path.of("/nowhere"),
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        List.of(Settings.CredentialSource.USERS),
        false,
        Map.of(
            "alice", new User("alice", new Secret("s3cret"), "app"),
            "root", new User("root", new Secret("s3cret"), "postgres", true)),
        ZoneOffset.UTC,
        Map.of(),
        List.of(),
        Limits.NONE,
        List.of());
  }
}
