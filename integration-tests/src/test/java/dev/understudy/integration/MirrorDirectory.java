package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.DirectoryTree;
import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The data directory of a daemon that mirrors the source {@code prod}, as seen from outside. */
record MirrorDirectory(Path path) {
  /** The directory of the snapshot that is being made. */
  Optional<Path> unfinished() throws IOException {
    return list("snapshots").filter(path -> !Files.exists(path.resolve("snapshot.json"))).findAny();
  }

  /** Ids of those that are published. */
  Set<String> snapshots() throws IOException {
    return list("snapshots")
        .filter(path -> Files.exists(path.resolve("snapshot.json")))
        .map(path -> String.valueOf(path.getFileName()))
        .collect(Collectors.toSet());
  }

  /** Of the replica. */
  List<Path> generations() throws IOException {
    return list("replicas/prod")
        .filter(path -> String.valueOf(path.getFileName()).matches("g[a-z0-9]{8}"))
        .toList();
  }

  Set<String> names(String below) throws IOException {
    return list(below).map(path -> String.valueOf(path.getFileName())).collect(Collectors.toSet());
  }

  private Stream<Path> list(String below) throws IOException {
    try (Stream<Path> entries = Files.list(path.resolve(below))) {
      return entries.toList().stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    }
  }

  /**
   * While no daemon runs: makes every snapshot one of long ago, so that another one is due.
   *
   * @return their ids
   */
  Set<String> age() throws IOException {
    Set<String> all = snapshots();
    for (String id : all) {
      Path file = path.resolve("snapshots").resolve(id).resolve("snapshot.json");
      String aged =
          Files.readString(file)
              .replaceFirst(
                  "\"createdAt\"\\s*:\\s*[^,]+,", "\"createdAt\" : \"2020-01-01T00:00:00Z\",");
      assertThat(aged).contains("2020-01-01T00:00:00Z");
      Files.writeString(file, aged);
    }
    return all;
  }

  /** While no daemon runs: the replica is gone, with its server. */
  void loseReplica() throws IOException {
    Daemon.endClones(path.resolve("replicas"));
    DirectoryTree.delete(path.resolve("replicas/prod"));
  }

  boolean killStandby() {
    return ServerProcesses.killPostmasters(path.resolve("replicas"));
  }

  /** The server of the snapshot that is being made. */
  boolean killSnapshotServer() {
    return ServerProcesses.killPostmasters(path.resolve("snapshots"));
  }
}
