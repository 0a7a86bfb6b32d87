package dev.understudy.benchmarks;

import dev.understudy.testing.Processes;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the same copy, server start and connect cost without Understudy: the {@code btrfs} command,
 * {@code postgres} without a sandbox, and the same client on the server's own socket.
 *
 * @param snapshot the sealed data directory that environments are cloned from
 */
record Floor(Path snapshot, Path home, Path scratch) {
  /** Nanoseconds of each phase. */
  record Times(long copy, long start, long connect) {
    long total() {
      return copy + start + connect;
    }
  }

  Times measure(int round) throws IOException, InterruptedException {
    Path data = scratch.resolve("floor-" + round);
    Path socket = Files.createTempDirectory("floor");
    Object uid = Files.getAttribute(snapshot, "unix:uid");
    Files.setAttribute(socket, "unix:uid", uid);
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwx------"));
    long begin = System.nanoTime();
    Processes.run("btrfs", "subvolume", "snapshot", snapshot.toString(), data.toString());
    long copied = System.nanoTime();
    Process server = start(data, socket, uid);
    try {
      awaitReady(server, data);
      long started = System.nanoTime();
      WireClient.login(
          UnixDomainSocketAddress.of(socket.resolve(".s.PGSQL.5432")), "app", "shop", null);
      long connected = System.nanoTime();
      return new Times(copied - begin, started - copied, connected - started);
    } finally {
      server.destroyForcibly().waitFor();
      Processes.run("btrfs", "subvolume", "delete", data.toString());
      Processes.run("rm", "-r", socket.toString());
    }
  }

  private Process start(Path data, Path socket, Object uid) throws IOException {
    return new ProcessBuilder(
            List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                home.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-c",
                "listen_addresses=",
                "-c",
                "unix_socket_directories=" + socket))
        .redirectErrorStream(true)
        .redirectOutput(scratch.resolve("floor.log").toFile())
        .start();
  }

  private static void awaitReady(Process server, Path data)
      throws IOException, InterruptedException {
    Path pidFile = data.resolve("postmaster.pid");
    while (!Files.exists(pidFile) || !Files.readString(pidFile).contains("ready")) {
      if (server.waitFor(1, TimeUnit.MILLISECONDS)) {
        throw new IOException("the floor's server did not start; see floor.log");
      }
    }
  }
}
