package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes replicas of sources that are in the settings no more, with what runs on them. */
public final class ReplicaSweep {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaSweep.class);

  private final Path dataDirectory;
  private final Pool pool;
  private final SandboxedServers servers;

  /**
   * @param dataDirectory the daemon's
   */
  public ReplicaSweep(Path dataDirectory, Pool pool, SandboxedServers servers) {
    this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.servers = requireNonNull(servers, "servers is null");
  }

  /**
   * Removes them, and directories of sockets that are nobody's.
   *
   * @param sources those of the settings that have a replica
   */
  public void run(Set<String> sources) throws IOException, InterruptedException {
    Set<String> generations = new HashSet<>();
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(dataDirectory.resolve(ReplicaPlace.REPLICAS))) {
      for (Path directory : directories) {
        String source = String.valueOf(directory.getFileName());
        ReplicaPlace place = ReplicaPlace.of(dataDirectory, source);
        if (sources.contains(source)) {
          generations.addAll(place.generations());
        } else {
          remove(place);
        }
      }
    }
    try (DirectoryStream<Path> sockets =
        Files.newDirectoryStream(dataDirectory.resolve(ReplicaPlace.SOCKETS))) {
      for (Path directory : sockets) {
        if (!generations.contains(String.valueOf(directory.getFileName()))) {
          pool.delete(directory);
        }
      }
    }
  }

  private void remove(ReplicaPlace place) throws IOException, InterruptedException {
    String source = String.valueOf(place.directory().getFileName());
    LOG.info("source {} is in the settings no more: its replica is removed", source);
    // From here on it is none, however far this gets.
    place.record().delete();
    for (String generation : place.generations()) {
      place.discard(generation, pool, servers);
    }
    dropSlot(source, place);
    pool.delete(place.directory());
  }

  private static void dropSlot(String source, ReplicaPlace place)
      throws IOException, InterruptedException {
    Slot slot = new Slot(place.slot());
    Optional<SlotRecord> ours = slot.current();
    if (ours.isEmpty()) {
      return;
    }
    ConnectionUrl url = ConnectionUrl.parse(new Secret(ours.get().url()));
    Production production = Production.of(url);
    try (Connection connection = production.connect(ANSWER)) {
      slot.drop(connection);
    } catch (SQLException | SourceException e) {
      LOG.warn(
          "source {}: its slot on production could not be dropped: {}. On production: SELECT"
              + " pg_drop_replication_slot('{}');",
          source,
          e.getMessage(),
          ours.get().name());
    }
  }
}
