package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.sandbox.Confinement;
import dev.understudy.cloner.sandbox.Inside;
import dev.understudy.cloner.sandbox.Sandbox;
import dev.understudy.cloner.sandbox.SandboxedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run of initdb in the sandbox. */
final class Initialisation {
  private final NewCluster cluster;
  private final Sandbox sandbox;
  private final Account account;

  Initialisation(NewCluster cluster, Sandbox sandbox, Account account) {
    this.cluster = cluster;
    this.sandbox = sandbox;
    this.account = account;
  }

  void run(Duration timeout, Ender ender)
      throws IOException, ServerException, InterruptedException {
    Account runner = runner();
    SocketDirectory sockets = new SocketDirectory(cluster.socketDirectory(), runner);
    sockets.make();
    new DataDirectory(cluster.dataDirectory(), runner).give();
    if (!Files.exists(cluster.logFile(), LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(
          cluster.logFile(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    LogTail log = LogTail.fromNow(cluster.logFile());
    Confinement confinement =
        new Confinement(
            cluster.binaries().home(), cluster.dataDirectory(), sockets.inner(), runner);
    try {
      SandboxedProcess process =
          SandboxedProcess.start(
              sandbox,
              confinement,
              command(sandbox.inside(confinement)),
              ProcessBuilder.Redirect.appendTo(cluster.logFile().toFile()),
              timeout);
      await(process, log, timeout, ender);
    } catch (IOException e) {
      throw ServerException.of(e, log);
    } finally {
      sockets.remove();
    }
    new DataDirectory(cluster.dataDirectory(), account).give();
  }

  private static void await(SandboxedProcess process, LogTail log, Duration timeout, Ender ender)
      throws IOException, ServerException, InterruptedException {
    boolean ended = false;
    try {
      process.go();
      int status = process.status().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      ended = true;
      if (status != 0) {
        throw new ServerException("initdb failed", log.read());
      }
    } catch (TimeoutException e) {
      throw new ServerException("initdb did not end in time", log.read());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      if (ended) {
        process.handle().close();
      } else {
        ender.end(process);
      }
    }
  }

  /** initdb wants its user to have a name, which it has in a sandbox. */
  private Account runner() throws IOException, InterruptedException {
    if (sandbox.isolates() || Accounts.byUid(account.uid()).isPresent()) {
      return account;
    }
    return Accounts.byName("nobody")
        .orElseThrow(() -> new IOException("initdb needs a user with a name, and there is none"));
  }

  private List<String> command(Inside inside) {
    List<String> command = new ArrayList<>();
    command.add(inside.home().resolve("bin/initdb").toString());
    command.addAll(List.of("-D", inside.data().toString(), "--no-sync", "--auth=trust"));
    command.addAll(cluster.options());
    return command;
  }
}
