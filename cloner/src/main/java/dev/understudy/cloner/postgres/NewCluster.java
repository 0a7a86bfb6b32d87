package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * A cluster to make.
 *
 * @param dataDirectory exists and is empty
 * @param socketDirectory of the servers that will run on it
 * @param logFile of what initdb says; appended to
 * @param options of initdb, beside those that name the directory and speed it up
 */
public record NewCluster(
    PostgresBinaries binaries,
    Path dataDirectory,
    Path socketDirectory,
    Path logFile,
    List<String> options) {
  public NewCluster {
    requireNonNull(binaries, "binaries is null");
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(socketDirectory, "socketDirectory is null");
    requireNonNull(logFile, "logFile is null");
    options = List.copyOf(options);
  }
}
