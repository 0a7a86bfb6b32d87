package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.ProcessIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code replica.json}: which of the copies beside it is the replica. Any other is
 * half made or given up.
 *
 * @param generation name of the copy's directory
 * @param timeline that the base backup was on
 * @param superuser of production, who may log in; by the name it had when it was asked last
 * @param dataTime everything that was committed before is in the copy, as far as recorded
 * @param server the last one that was allowed to run on it; null once it was stopped
 */
record ReplicaRecord(
    String generation,
    long systemIdentifier,
    int timeline,
    String superuser,
    ProductionFacts facts,
    Instant dataTime,
    Instant madeAt,
    @Nullable ProcessIdentity server) {
  ReplicaRecord {
    requireNonNull(generation, "generation is null");
    requireNonNull(superuser, "superuser is null");
    requireNonNull(facts, "facts is null");
    requireNonNull(dataTime, "dataTime is null");
    requireNonNull(madeAt, "madeAt is null");
  }

  ReplicaRecord running(@Nullable ProcessIdentity newServer) {
    return new ReplicaRecord(
        generation, systemIdentifier, timeline, superuser, facts, dataTime, madeAt, newServer);
  }

  ReplicaRecord ledBy(String newSuperuser) {
    return new ReplicaRecord(
        generation, systemIdentifier, timeline, newSuperuser, facts, dataTime, madeAt, server);
  }

  /** As production was later. */
  ReplicaRecord at(Instant newDataTime, ProductionFacts newFacts) {
    Instant latest = newDataTime.isAfter(dataTime) ? newDataTime : dataTime;
    return new ReplicaRecord(
        generation, systemIdentifier, timeline, superuser, newFacts, latest, madeAt, server);
  }
}
