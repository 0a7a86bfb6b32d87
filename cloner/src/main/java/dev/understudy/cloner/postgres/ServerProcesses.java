package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.ExitWatch;
import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.ProcessTree;
import dev.understudy.cloner.sandbox.ProcessScan;
import dev.understudy.cloner.sandbox.Sandbox;
import dev.understudy.cloner.sandbox.SandboxedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The processes of servers: those that run, and the end of those that are to end. Thread-safe. */
final class ServerProcesses implements AutoCloseable {
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(30);

  private final Sandbox sandbox;
  private final Account account;
  private final ProcessScan scan;
  private final ExitWatch exits;

  /**
   * @param account whom servers run as
   */
  ServerProcesses(Sandbox sandbox, Account account) throws IOException {
    this.sandbox = requireNonNull(sandbox, "sandbox is null");
    this.account = requireNonNull(account, "account is null");
    this.scan = new ProcessScan(account);
    this.exits = new ExitWatch();
  }

  /**
   * A server that runs.
   *
   * @param first process of its sandbox
   * @param outerExit completes when what stands outside the sandbox for it has ended
   */
  RunningServer running(
      ServerSpec spec, ProcessIdentity identity, PidFd first, CompletableFuture<Void> outerExit)
      throws IOException {
    boolean isolated = ProcessTree.isFirstOfNamespace(identity.pid());
    PidFd postmaster = isolated ? postmaster(identity, first) : first;
    CompletableFuture<Void> exit =
        exits
            .watch(first)
            .thenCombine(outerExit, (ended, alsoEnded) -> null)
            .thenRun(() -> cleanUp(spec, isolated, postmaster));
    return new PostgresServer(
        identity, first, postmaster, spec.socket(), spec.dataDirectory(), exit);
  }

  /** The first process of the namespace has one child of its own; later ones are orphans. */
  private static PidFd postmaster(ProcessIdentity first, PidFd itself) throws IOException {
    var children = ProcessTree.children(first.pid());
    if (children.isEmpty()) {
      return itself;
    }
    return PidFd.open(children.getFirst().identity()).orElse(itself);
  }

  private void cleanUp(ServerSpec spec, boolean isolated, PidFd postmaster) {
    postmaster.close();
    if (!isolated) {
      endChildren(spec.dataDirectory());
    }
    removeSockets(spec);
  }

  /** Ends what a start that failed has left, sockets too. Blocks. */
  void end(SandboxedProcess process, ServerSpec spec) throws IOException {
    end(process, spec.dataDirectory());
    removeSockets(spec);
  }

  /** Ends a process and all that it has started on that data. Blocks. */
  void end(SandboxedProcess process, Path data) throws IOException {
    process.kill();
    exits
        .watch(process.handle())
        .thenCombine(process.outerExit(), (ended, alsoEnded) -> null)
        .orTimeout(KILL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
    if (!sandbox.isolates()) {
      endChildren(data);
    }
  }

  /** Without a pid namespace a postmaster that was killed leaves its children for a moment. */
  private void endChildren(Path data) {
    int killed;
    do {
      killed = killAllBelow(List.of(data));
    } while (killed > 0);
  }

  private void removeSockets(ServerSpec spec) {
    try {
      new SocketDirectory(spec.socketDirectory(), account).remove();
    } catch (IOException e) {
      // The next start makes it anew, or says why it cannot.
    }
  }

  /** As {@link Servers#killAllBelow(Collection)}. */
  int killAllBelow(Collection<Path> directories) {
    try {
      List<CompletableFuture<Void>> ended =
          scan.killBelow(directories).stream().map(exits::watch).toList();
      CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new))
          .orTimeout(KILL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .join();
      return ended.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Servers go on running. */
  @Override
  public void close() throws IOException {
    exits.close();
  }
}
