package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts and finds servers on copied data. All methods block. */
public interface Servers {
  /**
   * Writes postgresql.conf, an empty postgresql.auto.conf, pg_hba.conf and pg_ident.conf into the
   * directory, removes what must not be there at a start (signal files are kept), and gives
   * everything in it to the user that clones run as. No server has run on the directory since it
   * was copied.
   *
   * @throws IOException also if a link in it could lead a server out of it
   */
  void configure(Path dataDirectory, ServerConfiguration configuration) throws IOException;

  /**
   * Writes postgresql.conf anew, for a server that may run and reads it at its next reload. Nobody
   * else has written into the directory since {@link #configure}.
   */
  void reconfigure(Path dataDirectory, ServerConfiguration configuration) throws IOException;

  /**
   * Whether the next server on the directory, where none runs, takes nothing but reading sessions.
   */
  void setStandby(Path dataDirectory, boolean standby) throws IOException;

  /**
   * Starts a server; returns when it accepts connections.
   *
   * @param beforeStart called with the identity once it is known and before the server can run or
   *     write anything; what it throws prevents the start. A daemon that dies before it has
   *     returned leaves no server behind
   * @throws ServerException with the tail of the log; no process is left
   */
  RunningServer start(ServerSpec spec, Consumer<ProcessIdentity> beforeStart, Duration timeout)
      throws ServerException, InterruptedException;

  /**
   * The server that an earlier daemon recorded, if it is still the same process and accepts.
   *
   * @throws UncheckedIOException if that cannot be told
   */
  Optional<RunningServer> adopt(ProcessIdentity identity, ServerSpec spec);

  /**
   * Whether a server that was cut off left what the next one recovers from.
   *
   * @throws IOException with what is damaged
   */
  void examine(Path dataDirectory) throws IOException;

  /**
   * Whether the last server on the directory, where none runs, has shut down cleanly.
   *
   * @throws IOException if that cannot be told
   */
  boolean isShutDown(Path dataDirectory) throws IOException;

  /**
   * Kills every process, whoever started it, that runs in a sandbox on data below this directory.
   *
   * @return how many
   */
  default int killAllBelow(Path directory) {
    return killAllBelow(List.of(directory));
  }

  /** As for one directory. Looks once at all processes of the host, which may be many. */
  int killAllBelow(Collection<Path> directories);
}
