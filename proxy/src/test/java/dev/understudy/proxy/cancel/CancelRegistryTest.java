package dev.understudy.proxy.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.startup.CancelRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CancelRegistryTest {
  private static final Path SOCKET = Path.of("/run/u/a/.s.PGSQL.5432");
  private static final BackendKeyData SERVER_KEY = new BackendKeyData(42, Bytes.utf8("1234"));

  private final CancelRegistry registry = new CancelRegistry();

  @Test
  void mapsTheClientsKeyToTheServers() {
    BackendKeyData key = register(4).clientKey();

    assertThat(registry.find(new CancelRequest(key.pid(), key.key())))
        .contains(new CancelTarget.Server(SOCKET, new CancelRequest(42, SERVER_KEY.key())));
  }

  @Test
  void endsTheWaitWhileThereIsNoServer() {
    Runnable cancelWait = () -> {};
    BackendKeyData key = registry.register(cancelWait, 4).clientKey();

    assertThat(registry.find(new CancelRequest(key.pid(), key.key())))
        .contains(new CancelTarget.Waiting(cancelWait));
  }

  private CancelRegistry.Registration register(int keyLength) {
    CancelRegistry.Registration registration = registry.register(() -> {}, keyLength);
    registration.reach(SOCKET, SERVER_KEY);
    return registration;
  }

  @Test
  void doesNotKnowTheServersKey() {
    register(4);

    assertThat(registry.find(new CancelRequest(42, SERVER_KEY.key()))).isEmpty();
  }

  @Test
  void wantsTheWholeKey() {
    BackendKeyData key = register(32).clientKey();
    byte[] beginning = Arrays.copyOf(key.key().toArray(), 4);

    assertThat(key.key().length()).isEqualTo(32);
    assertThat(registry.find(new CancelRequest(key.pid(), Bytes.of(beginning)))).isEmpty();
  }

  @Test
  void forgetsAKeyThatIsRemoved() {
    CancelRegistry.Registration registration = register(4);
    BackendKeyData key = registration.clientKey();

    registration.remove();
    registration.remove();

    assertThat(registry.find(new CancelRequest(key.pid(), key.key()))).isEmpty();
    assertThat(registry.size()).isZero();
  }

  @Test
  void processIdsArePositiveAndDiffer() {
    Set<Integer> pids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      pids.add(register(4).clientKey().pid());
    }

    assertThat(pids).hasSize(1_000).allMatch(pid -> pid > 0);
  }
}
