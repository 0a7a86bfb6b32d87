package dev.understudy.proxy;

import dev.understudy.config.AddressBlock;
import dev.understudy.config.Admission;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Listen;
import dev.understudy.config.NamePattern;
import dev.understudy.config.ProxyProtocol;
import dev.understudy.config.Secret;
import dev.understudy.config.Tls;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.proxy.authenticate.Credentials;
import dev.understudy.proxy.cancel.CancelRate;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.console.Console;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.proxy.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A proxy on a free port with one source, one pattern and one login. */
final class ProxyHarness implements AutoCloseable {
  private final AtomicReference<Listen> settings;
  private final ProxyServer proxy;
  private final Clients clients;
  private final int port;

  private ProxyHarness(AtomicReference<Listen> settings, ProxyServer proxy, Clients clients)
      throws IOException {
    this.settings = settings;
    this.proxy = proxy;
    this.clients = clients;
    this.port = proxy.start();
  }

  static ProxyHarness start(Environments environments) throws IOException {
    return new Builder().start(environments);
  }

  static Builder with() {
    return new Builder();
  }

  int port() {
    return port;
  }

  Clients clients() {
    return clients;
  }

  ProxyServer server() {
    return proxy;
  }

  int sessions() {
    return proxy.sessions();
  }

  /** Goes on with other settings, as far as these can be changed. */
  void use(Builder other) throws TlsException {
    proxy.useTls(other.listen().tls());
    settings.set(other.listen());
  }

  @Override
  public void close() {
    proxy.close();
  }

  /** Generous by default, so that only what a test is about runs out. */
  static final class Builder {
    private int maxConnections = 1000;
    private int arriving = 1024;
    private int unauthenticated = 256;
    private int unauthenticatedPerAddress = 64;
    private int waitingAtDoor = 1024;
    private Duration stay = Duration.ofSeconds(30);
    private int cancelRequests = 128;
    private Duration cancelTimeout = Duration.ofSeconds(10);
    private CancelRate cancelRate = new CancelRate(1000, 1000);
    private int protocolMinor = 2;
    private Duration startupTimeout = Duration.ofSeconds(30);
    private Duration createTimeout = Duration.ofSeconds(30);
    private Duration noticeAfter = Duration.ofSeconds(30);
    private Duration drainTimeout = Duration.ofMillis(100);
    private Transport transport = Transport.best();
    private @Nullable Tls tls;
    private String host = "127.0.0.1";
    private Admission admission = Admission.DEFAULT;
    private @Nullable ProxyProtocol proxyProtocol;
    private Console console =
        (_, _) -> {
          throw new ConsoleException("0A000", "this proxy has no console", null, null);
        };

    Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    Builder unauthenticated(int value, int perAddress) {
      unauthenticated = value;
      unauthenticatedPerAddress = perAddress;
      return this;
    }

    Builder arriving(int value) {
      arriving = value;
      return this;
    }

    Builder stay(Duration value) {
      stay = value;
      return this;
    }

    Builder waitingAtDoor(int value) {
      waitingAtDoor = value;
      return this;
    }

    Builder cancelRequests(int value) {
      cancelRequests = value;
      return this;
    }

    Builder cancelTimeout(Duration value) {
      cancelTimeout = value;
      return this;
    }

    Builder cancelRate(CancelRate value) {
      cancelRate = value;
      return this;
    }

    Builder protocolMinor(int value) {
      protocolMinor = value;
      return this;
    }

    Builder startupTimeout(Duration value) {
      startupTimeout = value;
      return this;
    }

    Builder createTimeout(Duration value) {
      createTimeout = value;
      return this;
    }

    Builder noticeAfter(Duration value) {
      noticeAfter = value;
      return this;
    }

    Builder drainTimeout(Duration value) {
      drainTimeout = value;
      return this;
    }

    Builder transport(Transport value) {
      transport = value;
      return this;
    }

    Builder tls(Tls value) {
      tls = value;
      return this;
    }

    Builder host(String value) {
      host = value;
      return this;
    }

    Builder admission(Admission value) {
      admission = value;
      return this;
    }

    /** Whose headers of the PROXY protocol are demanded and believed. */
    Builder senders(AddressBlock... value) {
      proxyProtocol = new ProxyProtocol(List.of(value));
      return this;
    }

    private Listen listen() {
      return new Listen(
          host,
          0,
          maxConnections,
          startupTimeout,
          createTimeout,
          drainTimeout,
          tls,
          proxyProtocol,
          admission);
    }

    Builder console(Console value) {
      console = value;
      return this;
    }

    ProxyHarness start(Environments environments) throws IOException {
      Names names =
          new Names(
              List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null)),
              Map.of(
                  "prod",
                  new Names.SourceNames(
                      Set.of("shop", "postgres"),
                      Set.of(TestClient.USER, "postgres"),
                      protocolMinor)),
              Set.of(),
              tls == null ? null : tls.domain());
      Credential credential =
          new Credential(TestClient.USER, new Secret(TestClient.VERIFIER), true, null);
      Credential superuser =
          new Credential("postgres", new Secret(TestClient.PASSWORD), true, null).prepared();
      Credentials credentials =
          (login, _, _) ->
              switch (login) {
                case TestClient.USER -> Optional.of(credential);
                case "postgres" -> Optional.of(superuser);
                default -> Optional.empty();
              };
      AtomicReference<Listen> settings = new AtomicReference<>(listen());
      Clients clients = new Clients(_ -> "pr-*");
      return new ProxyHarness(
          settings,
          new ProxyServer(
              settings::get,
              () -> true,
              () -> names,
              credentials,
              environments,
              console,
              clients,
              new ProxyLimits(
                  arriving,
                  unauthenticated,
                  unauthenticatedPerAddress,
                  stay,
                  waitingAtDoor,
                  256,
                  cancelRequests,
                  cancelTimeout,
                  cancelRate,
                  noticeAfter,
                  Duration.ofSeconds(5)),
              transport),
          clients);
    }
  }
}
