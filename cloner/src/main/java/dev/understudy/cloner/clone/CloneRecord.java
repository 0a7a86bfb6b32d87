package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.ProcessIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code clone.json}: all that the daemon believes about a clone.
 *
 * @param durable fsync is on
 * @param server the last server that was allowed to run on the data; null once it was stopped
 * @param unsyncedBoot the boot in which the data was last written without being synced since; null
 *     if all of it is on disk, or if {@code durable} and copied whole
 * @param failure why the state is {@code FAILED}
 */
public record CloneRecord(
    String id,
    Origin origin,
    CloneState state,
    boolean durable,
    @Nullable ProcessIdentity server,
    @Nullable String unsyncedBoot,
    @Nullable String failure,
    Instant createdAt) {

  public CloneRecord {
    requireNonNull(id, "id is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(state, "state is null");
    requireNonNull(createdAt, "createdAt is null");
  }

  /** A clone about to be copied. Until it is synced, even a durable one dies with this boot. */
  static CloneRecord creating(
      String id, Origin origin, boolean durable, String bootId, Instant now) {
    return new CloneRecord(id, origin, CloneState.CREATING, durable, null, bootId, null, now);
  }

  /** Its server is about to be started: from then on the data may be written, and not synced. */
  CloneRecord waking(String bootId) {
    return new CloneRecord(id, origin, state, durable, server, bootId, failure, createdAt);
  }

  /** A server is about to run on the data. */
  CloneRecord running(ProcessIdentity identity) {
    String unsynced = durable ? unsyncedBoot : identity.bootId();
    return new CloneRecord(
        id, origin, CloneState.RUNNING, durable, identity, unsynced, null, createdAt);
  }

  /** All of the data is on disk. */
  CloneRecord synced() {
    return new CloneRecord(id, origin, state, durable, server, null, failure, createdAt);
  }

  /** All of the data is on disk, and what is written from now on will be. */
  CloneRecord madeDurable() {
    return new CloneRecord(id, origin, state, true, server, null, failure, createdAt);
  }

  CloneRecord suspended() {
    return new CloneRecord(
        id, origin, CloneState.SUSPENDED, durable, null, unsyncedBoot, null, createdAt);
  }

  CloneRecord failed(String reason) {
    return new CloneRecord(
        id, origin, CloneState.FAILED, durable, null, unsyncedBoot, reason, createdAt);
  }

  /** Its server has ended. */
  CloneRecord trashed() {
    return new CloneRecord(
        id, origin, CloneState.TRASHED, durable, null, unsyncedBoot, failure, createdAt);
  }

  CloneRecord removing() {
    return new CloneRecord(
        id, origin, CloneState.REMOVING, durable, server, unsyncedBoot, failure, createdAt);
  }

  /** All of the data, as far as it was not synced when it was written. */
  boolean isOnDisk() {
    return unsyncedBoot == null;
  }

  /** Or may do so once it is whole. */
  boolean outlivesCrash() {
    return durable || isOnDisk();
  }

  /**
   * False if the host went down while some of the data was only in memory: the tree may be torn in
   * ways that no recovery sees.
   */
  boolean isTrusted(String bootId) {
    return isOnDisk() || bootId.equals(unsyncedBoot);
  }
}
