package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.DirectoryWatch;
import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.Standstill;
import dev.understudy.cloner.sandbox.Confinement;
import dev.understudy.cloner.sandbox.Inside;
import dev.understudy.cloner.sandbox.Reach;
import dev.understudy.cloner.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Servers in a sandbox. Thread-safe; servers outlive it. */
public final class SandboxedServers implements Servers, Clusters, AutoCloseable {
  private static final String STANDBY_SIGNAL = "standby.signal";

  private final PostgresInstallations installations;
  private final Sandbox sandbox;
  private final Account account;
  private final ServerProcesses processes;
  private final DirectoryWatch directories;
  private final Map<PostgresBinaries, KnownSettings> known = new ConcurrentHashMap<>();

  /**
   * @param account whom clones run as; our own where we are not root
   */
  public SandboxedServers(PostgresInstallations installations, Sandbox sandbox, Account account)
      throws IOException {
    this.installations = requireNonNull(installations, "installations is null");
    this.sandbox = requireNonNull(sandbox, "sandbox is null");
    this.account = requireNonNull(account, "account is null");
    this.processes = new ServerProcesses(sandbox, account);
    this.directories = new DirectoryWatch();
  }

  @Override
  public void configure(Path dataDirectory, ServerConfiguration configuration) throws IOException {
    DataDirectory data = new DataDirectory(dataDirectory, account);
    data.refuseLinks();
    data.removeLeftBehind();
    reconfigure(dataDirectory, configuration);
    data.write("postgresql.auto.conf", "");
    data.write("pg_hba.conf", "local all all trust\nlocal replication all trust\n");
    data.write("pg_ident.conf", "");
    data.give();
  }

  @Override
  public void reconfigure(Path dataDirectory, ServerConfiguration configuration)
      throws IOException {
    DataDirectory data = new DataDirectory(dataDirectory, account);
    PostgresBinaries binaries = binaries(data.major());
    ConfigurationFile file =
        new ConfigurationFile(knownBy(binaries), new PreloadLibraries(binaries.home()));
    int segment = PgControl.read(dataDirectory).walSegmentSize();
    data.write("postgresql.conf", file.text(configuration, segment));
  }

  @Override
  public void setStandby(Path dataDirectory, boolean standby) throws IOException {
    if (standby) {
      new DataDirectory(dataDirectory, account).write(STANDBY_SIGNAL, "");
    } else {
      Files.deleteIfExists(dataDirectory.resolve(STANDBY_SIGNAL));
    }
  }

  @Override
  public RunningServer start(
      ServerSpec spec, Consumer<ProcessIdentity> beforeStart, Duration timeout)
      throws ServerException, InterruptedException {
    try {
      // Who clones run as may have changed since it was made.
      DataDirectory data = new DataDirectory(spec.dataDirectory(), account);
      data.give();
      if (!spec.concealed().isEmpty()) {
        data.write("postgresql.auto.conf", ConfigurationFile.lines(spec.concealed()));
      }
      return new ServerStart(spec, sandbox, account, knownBy(spec.binaries()), directories)
          .run(beforeStart, timeout, processes::running, process -> processes.end(process, spec));
    } catch (IOException e) {
      throw new ServerException("the server cannot be started: " + e.getMessage(), "");
    }
  }

  /**
   * Starts a program of PostgreSQL's own that works on a data directory, where a server of this
   * spec would see it. The program works in the data directory.
   *
   * @param command with the paths of the inside; its output is appended to the spec's log file
   */
  public SandboxedTool startTool(
      ServerSpec spec, Function<Inside, List<String>> command, Duration timeout)
      throws IOException, InterruptedException {
    new DataDirectory(spec.dataDirectory(), account).give();
    SocketDirectory sockets = new SocketDirectory(spec.socketDirectory(), account);
    sockets.make();
    Confinement confinement =
        new Confinement(
            spec.binaries().home(), spec.dataDirectory(), sockets.inner(), account, spec.reach());
    return SandboxedTool.start(
        sandbox,
        confinement,
        command.apply(sandbox.inside(confinement)),
        spec.logFile(),
        identity -> {},
        process -> processes.end(process, spec.dataDirectory()),
        timeout);
  }

  /**
   * Starts a program that sees the socket of a server which runs, and a directory of its own
   * instead of that server's data. It works in that directory.
   *
   * @param scratch given to the user that servers run as, with all in it
   * @param socket of the server
   * @param output the program's output is appended to it
   * @param beforeStart as in {@link #start}
   */
  public SandboxedTool startBeside(
      PostgresBinaries binaries,
      Path scratch,
      Path socket,
      Reach reach,
      Function<Inside, List<String>> command,
      Path output,
      Consumer<ProcessIdentity> beforeStart,
      Duration timeout)
      throws IOException, InterruptedException {
    new DataDirectory(scratch, account).give();
    Path sockets = requireNonNull(socket.getParent(), "socket has no directory");
    Confinement confinement =
        new Confinement(
            binaries.home(),
            scratch,
            new SocketDirectory(sockets, account).inner(),
            account,
            reach);
    return SandboxedTool.start(
        sandbox,
        confinement,
        command.apply(sandbox.inside(confinement)),
        output,
        beforeStart,
        process -> processes.end(process, scratch),
        timeout);
  }

  /** Where a server sees what is shown to it, by the names of its reach. */
  public Map<String, Path> shown(Reach reach) {
    Path any = Path.of("/");
    return sandbox.inside(new Confinement(any, any, any, account, reach)).shown();
  }

  /** Gives a file or an empty directory of the daemon's to the user that servers run as. */
  public void give(Path file) throws IOException {
    new DataDirectory(file, account).give();
  }

  /** False where servers reach whatever their user reaches. */
  public boolean isolates() {
    return sandbox.isolates();
  }

  @Override
  public void initialise(NewCluster cluster, Duration timeout)
      throws ServerException, InterruptedException {
    try {
      new Initialisation(cluster, sandbox, account)
          .run(timeout, process -> processes.end(process, cluster.dataDirectory()));
    } catch (IOException e) {
      throw new ServerException("no cluster can be made: " + e.getMessage(), "");
    }
  }

  @Override
  public Optional<RunningServer> adopt(ProcessIdentity identity, ServerSpec spec) {
    try {
      Optional<PidFd> handle = PidFd.open(identity);
      if (handle.isEmpty()) {
        return Optional.empty();
      }
      Standstill.end(identity); // the earlier daemon may have died while it was copied
      SocketDirectory sockets = new SocketDirectory(spec.socketDirectory(), account);
      if (!sockets.accepts()) {
        handle.get().close();
        return Optional.empty();
      }
      return Optional.of(
          processes.running(spec, identity, handle.get(), CompletableFuture.completedFuture(null)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void examine(Path dataDirectory) throws IOException {
    PgControl.read(dataDirectory);
  }

  @Override
  public boolean isShutDown(Path dataDirectory) throws IOException {
    return PgControl.read(dataDirectory).isShutDown();
  }

  @Override
  public int killAllBelow(Collection<Path> below) {
    return processes.killAllBelow(below);
  }

  /** Servers go on running; nothing of this object works any more. */
  @Override
  public void close() throws IOException {
    processes.close();
    directories.close();
  }

  private PostgresBinaries binaries(int major) throws IOException {
    try {
      return installations
          .find(major)
          .orElseThrow(() ->
              new IOException(
                  "PostgreSQL %d is not installed; looked at %s"
                      .formatted(major, installations.homes(major))));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private KnownSettings knownBy(PostgresBinaries binaries) throws IOException {
    KnownSettings before = known.get(binaries);
    if (before != null) {
      return before;
    }
    try {
      KnownSettings settings = KnownSettings.of(binaries);
      known.put(binaries, settings);
      return settings;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new java.io.InterruptedIOException("interrupted: " + e.getMessage());
  }
}
