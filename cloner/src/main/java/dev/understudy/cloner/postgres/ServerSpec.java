package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.sandbox.Reach;
import java.nio.file.Path;
import java.util.Map;

/**
 * A server to start on copied data, always in the sandbox and with the settings that keep it quiet.
 *
 * @param dataDirectory configured by {@link ServerConfiguration} before
 * @param socketDirectory made by the launcher with the right owner, 0700
 * @param logFile appended to; belongs to the daemon
 * @param critical settings given by {@code -c}, beside those that every start has
 * @param concealed settings that every user of this host would see in a command line: they are in
 *     the data directory's postgresql.auto.conf instead, which is written anew if there are any
 * @param reach what the server reaches beyond its own files
 */
public record ServerSpec(
    PostgresBinaries binaries,
    Path dataDirectory,
    Path socketDirectory,
    Path logFile,
    Map<String, String> critical,
    Map<String, String> concealed,
    Reach reach) {
  public ServerSpec {
    requireNonNull(binaries, "binaries is null");
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(socketDirectory, "socketDirectory is null");
    requireNonNull(logFile, "logFile is null");
    critical = Map.copyOf(critical);
    concealed = Map.copyOf(concealed);
    requireNonNull(reach, "reach is null");
  }

  /** A server that reaches nothing but its own files. */
  public ServerSpec(
      PostgresBinaries binaries,
      Path dataDirectory,
      Path socketDirectory,
      Path logFile,
      Map<String, String> critical) {
    this(binaries, dataDirectory, socketDirectory, logFile, critical, Map.of(), Reach.NONE);
  }

  /** The unix socket that clients connect to. */
  public Path socket() {
    return socketDirectory.resolve(".s.PGSQL.5432");
  }
}
