package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.ClonerException;
import dev.understudy.cloner.CopyProgress;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsChange;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;
import dev.understudy.server.http.HttpApi;
import dev.understudy.server.http.source.Copies;
import dev.understudy.server.operate.Connects;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.ShutdownMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy in front of the cloner. */
public final class Daemon implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  private final AtomicReference<Settings> settings;
  private final Cloner cloner;
  private final StoredCredentials credentials;
  private final ProxyServer proxy;
  private final ServedHttp http;
  private final Observation observation;
  private final Controls controls;
  private final int port;
  private volatile boolean ready = true;

  private Daemon(
      AtomicReference<Settings> settings,
      Cloner cloner,
      StoredCredentials credentials,
      ProxyServer proxy,
      ServedHttp http,
      Observation observation,
      Controls controls,
      int port) {
    this.settings = settings;
    this.cloner = cloner;
    this.credentials = credentials;
    this.proxy = proxy;
    this.http = http;
    this.observation = observation;
    this.controls = controls;
    this.port = port;
  }

  /**
   * Returns when clients can connect: what an earlier daemon left has been sorted out, and every
   * source that can be copied has a snapshot.
   */
  public static Daemon start(Settings settings) throws CommandException, InterruptedException {
    return start(settings, CopyProgress::new);
  }

  /**
   * The same.
   *
   * @param progress by name of a source: who hears how far a copy of it is
   */
  public static Daemon start(Settings settings, Function<String, CopyListener> progress)
      throws CommandException, InterruptedException {
    requireNonNull(settings, "settings is null");
    Copies copies = new Copies(progress);
    // Before a snapshot is cut, which may take its time.
    Port.requireFree(settings.listen());
    Certificate.requireUsable(settings.listen());
    // From now on it can be asked how far the start is.
    ServedHttp http = ServedHttp.open(settings.http());
    Cloner cloner = null;
    Observation observation = null;
    ProxyServer proxy = null;
    boolean started = false;
    try {
      Cloner opened = open(settings, copies);
      cloner = opened;
      AtomicReference<Settings> current = new AtomicReference<>(settings);
      Observation observing = Observation.begin(current::get, opened);
      observation = observing;
      Catalogs catalogs = new Catalogs(current::get, opened::snapshots);
      StoredCredentials credentials = new StoredCredentials(settings, catalogs, opened::roles);
      Operations operations =
          ServedConsole.operations(opened, current::get, () -> catalogs.get().names());
      Controls controls = new Controls();
      DaemonOperations administration =
          new DaemonOperations(
              operations::environments, observing.clients(), controls, current::get);
      proxy =
          new ProxyServer(
              () -> current.get().listen(),
              () -> current.get().allowMd5(),
              () -> catalogs.get().names(),
              credentials,
              new ClonedEnvironments(
                  opened::open, observing.metrics().opens(), new Connects(opened::environments)),
              ServedConsole.of(current::get, opened, operations, administration, observing),
              observing.clients());
      controls.observe(proxy);
      observing.watch(proxy);
      Daemon daemon =
          new Daemon(current, opened, credentials, proxy, http, observing, controls, proxy.start());
      http.serve(
          new HttpApi.Backing(
              opened,
              operations,
              administration,
              observing.usage(),
              observing.storage(),
              copies,
              current::get,
              daemon.port,
              daemon::isReady,
              observing.metrics()));
      opened.beginIdling();
      started = true;
      return daemon;
    } catch (TlsException e) {
      throw Certificate.problem(e);
    } catch (IOException e) {
      throw new CommandException(String.valueOf(e.getMessage()), Port.HINT, e);
    } finally {
      if (!started) {
        close(cloner, observation, proxy, http);
      }
    }
  }

  /** The proxy first, then who can be asked how far that is, and the cloner even if they fail. */
  private static void close(
      @Nullable Cloner cloner,
      @Nullable Observation observation,
      @Nullable ProxyServer proxy,
      ServedHttp http) {
    try (cloner;
        observation;
        http) {
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  private static Cloner open(Settings settings, Copies copies)
      throws CommandException, InterruptedException {
    try {
      return Cloner.open(settings, copies);
    } catch (ClonerException e) {
      throw problem(e);
    }
  }

  private static CommandException problem(ClonerException e) {
    return new CommandException(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
  }

  public int port() {
    return port;
  }

  /** Of the HTTP API; empty: there is none. */
  public Optional<String> httpAddress() {
    return http.address();
  }

  /**
   * What to say of the web page; empty: there is none.
   *
   * @param terminal whether it is said at one, where it may hold a token, and kept nowhere
   */
  public Optional<String> page(boolean terminal) throws CommandException {
    return http.page(settings.get(), terminal);
  }

  /** Whether there is one of this name, without making it. */
  public boolean hasEnvironment(String name) {
    return cloner.environments().stream().anyMatch(environment -> environment.name().equals(name));
  }

  /** Whether who balances load should send clients here: not from the beginning of its end on. */
  public boolean isReady() {
    return ready;
  }

  /**
   * From now on the console and others can have it reload and end.
   *
   * @param reload of this daemon
   * @param end begins to end the process, which then closes this daemon; returns at once
   */
  public void steerBy(Reload reload, Runnable end) {
    controls.connect(reload::run, mode -> shutdown(mode, end));
  }

  private void shutdown(ShutdownMode mode, Runnable end) {
    switch (mode) {
      case DRAIN -> end.run();
      case IMMEDIATE -> {
        proxy.hurry();
        end.run();
      }
      case WAIT_FOR_CLIENTS -> {
        ready = false;
        proxy.letNobodyIn();
        log.info("Letting nobody in; {} sessions may stay until they leave", proxy.sessions());
        Thread.ofVirtual().name("wait for clients").start(() -> endWhenAllHaveLeft(end));
      }
    }
  }

  private void endWhenAllHaveLeft(Runnable end) {
    try {
      proxy.awaitNoSessions();
      end.run();
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the wait is not wanted any more.
    }
  }

  /** Those it goes by now. */
  Settings settings() {
    return settings.get();
  }

  /**
   * Goes on with other settings: all of them at once, or none. Sessions, and what is under way, go
   * on.
   *
   * @param next as {@link SettingsChange#settings}
   * @return all that stands in the way, and then nothing has changed
   */
  synchronized List<CommandException> goOnWith(Settings next) {
    List<CommandException> obstacles = new ArrayList<>();
    Runnable logins = credentials.prepare(next);
    Runnable clones = () -> {};
    Runnable certificate = () -> {};
    try {
      clones = cloner.prepare(next);
    } catch (ClonerException e) {
      obstacles.add(problem(e));
    }
    try {
      Certificate.requireUsable(next.listen());
      if (obstacles.isEmpty()) {
        certificate = http.prepareCertificate(next.http());
        proxy.useTls(next.listen().tls());
      }
    } catch (TlsException e) { // the files have just been changed
      obstacles.add(Certificate.problem(e));
    } catch (CommandException e) {
      obstacles.add(e);
    }
    if (obstacles.isEmpty()) {
      // Nothing fails from here on.
      settings.set(next);
      logins.run();
      clones.run();
      certificate.run();
      http.settingsChanged();
    }
    return obstacles;
  }

  /** How long {@link #close} waits for sessions. */
  public Duration drainTimeout() {
    return settings.get().listen().drainTimeout();
  }

  /**
   * Ends the sessions, each between its transactions as far as the settings give time for that, and
   * leaves the clones' servers running, for the next daemon to find. An interrupt hurries it.
   */
  @Override
  public void close() {
    ready = false;
    log.info(
        "Stopping; {} sessions have up to {} s to come between transactions",
        proxy.sessions(),
        drainTimeout().toSeconds());
    close(cloner, observation, proxy, http);
  }

  /** Ends the sessions and stops the clones' servers too. */
  public void shutdown() throws InterruptedException {
    ready = false;
    proxy.close();
    http.close();
    observation.close();
    cloner.shutdown();
  }

  /** For people. */
  @Override
  public String toString() {
    return settings.get().listen().host()
        + " port "
        + port
        + ", "
        + cloner.environments().size()
        + " environments of earlier"
        + http.describe();
  }
}
