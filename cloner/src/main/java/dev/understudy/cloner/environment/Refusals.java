package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.StorageErrors;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.Snapshot;
import java.io.IOException;
import java.util.stream.Collectors;

/** The words in which somebody is refused who connects, or wants anything else. */
final class Refusals {
  private static final String TRY_AGAIN =
      "Connect again to try once more; the daemon's log has the whole story.";

  private static final String MAKE_ROOM =
      "Drop environments that nobody needs, or enlarge the file system of the data directory.";

  private Refusals() {}

  static EnvironmentUnavailable shuttingDown() {
    return Refusal.of(Kind.SHUTTING_DOWN, "Understudy is shutting down").build();
  }

  static EnvironmentUnavailable unknown(String name) {
    return Refusal.of(Kind.UNKNOWN_ENVIRONMENT, "no environment \"%s\" can exist".formatted(name))
        .detail("No pattern of the settings' \"environments\" covers this name.")
        .build();
  }

  static EnvironmentUnavailable noDatabase(String name, String database, Snapshot snapshot) {
    String databases =
        snapshot.databases().stream()
            .filter(known -> known.allowsConnections() && !known.template())
            .map(Snapshot.Database::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return Refusal.of(Kind.UNKNOWN_DATABASE, "database \"%s\" does not exist".formatted(database))
        .detail(
            "Environment \"%s\" was not made: its source \"%s\" has no such database."
                .formatted(name, snapshot.source()))
        .hint("There are: " + databases)
        .build();
  }

  static EnvironmentUnavailable noSnapshot(String name, String source) {
    return Refusal.of(Kind.NO_SNAPSHOT, "environment \"%s\" cannot be made yet".formatted(name))
        .detail("There is no snapshot of source \"%s\" so far.".formatted(source))
        .hint("The daemon's log says why none could be cut; it is tried again by itself.")
        .build();
  }

  static EnvironmentUnavailable tooMany(String name, int limit) {
    return Refusal.of(
            Kind.LIMIT, "environment \"%s\" cannot be made: there are too many".formatted(name))
        .detail("%d environments exist, as many as limits.environments allows.".formatted(limit))
        .hint("Connect to one that exists, or wait until one is dropped because nobody uses it.")
        .build();
  }

  static EnvironmentUnavailable tooManyAlike(String name, String pattern, int limit, String key) {
    return Refusal.of(
            Kind.LIMIT,
            "environment \"%s\" cannot be made: there are too many like it".formatted(name))
        .detail(
            "%d environments of \"%s\" exist, as many as %s allows.".formatted(limit, pattern, key))
        .hint("Connect to one that exists, or wait until one is dropped because nobody uses it.")
        .build();
  }

  static EnvironmentUnavailable tooManyOf(Quotas.Member newcomer, int limit, String key) {
    return Refusal.of(
            Kind.LIMIT,
            "environment \"%s\" cannot be made: you have too many".formatted(newcomer.name()))
        .detail(
            "Role \"%s\" has made %d that exist, as many as %s allows."
                .formatted(newcomer.owner(), limit, key))
        .hint("Connect to one that exists, or wait until one is dropped because nobody uses it.")
        .build();
  }

  static EnvironmentUnavailable tooManyRun(String name, int limit) {
    return Refusal.of(
            Kind.LIMIT, "environment \"%s\" cannot be started: too many are in use".formatted(name))
        .detail(
            "%d run, as many as limits.running allows, and all of them are in use, or were within the"
                    .formatted(limit)
                + " last minute.")
        .hint("Close the sessions of one that is not needed, or try again later.")
        .build();
  }

  static EnvironmentUnavailable wroteTooMuch(String name, long bytes, long limit, String key) {
    return Refusal.of(
            Kind.STORAGE_FULL, "too much was written to environment \"%s\"".formatted(name))
        .detail("%d bytes on disk are its own, and %s allows %d.".formatted(bytes, key, limit))
        .hint(
            "Begin anew with the newest data (PGOPTIONS=\"-c understudy.fresh=TOKEN\", with any new"
                + " TOKEN), or remove data in a session that is still open (DROP, TRUNCATE, VACUUM"
                + " FULL); it is measured again when somebody connects.")
        .build();
  }

  static EnvironmentUnavailable otherSource(EnvironmentRecord record, String configured) {
    String name = record.name();
    return Refusal.of(
            Kind.FAILED,
            "environment \"%s\" is of another source than the settings say".formatted(name))
        .detail(
            "Its data is of source \"%s\"; the settings now make it from source \"%s\"."
                .formatted(record.source(), configured))
        .hint(
            "Restore source = %s for it in the settings, or remove environments/%s.json in the data"
                    .formatted(record.source(), name)
                + " directory to give its data up, and restart the daemon.")
        .build();
  }

  static EnvironmentUnavailable of(String name, String verb, CloneException cause) {
    boolean full = cause.reason() == CloneException.Reason.STORAGE_FULL;
    return Refusal.of(
            full ? Kind.STORAGE_FULL : Kind.FAILED,
            "environment \"%s\" could not be %s".formatted(name, verb))
        .detail(cause.words())
        .hint(
            switch (cause.reason()) {
              case STORAGE_FULL -> MAKE_ROOM;
              case NO_BINARIES ->
                  "Install that version of PostgreSQL, or name its directory in"
                      + " postgresql.binaries.";
              case HOOK_FAILED ->
                  "Mend the hook, or take it out of the settings; each connection tries again.";
              case COPY_FAILED, START_FAILED -> TRY_AGAIN;
            })
        .cause(cause)
        .build();
  }

  static EnvironmentUnavailable notRecorded(String name, IOException cause) {
    boolean full = StorageErrors.isFull(cause);
    return Refusal.of(
            full ? Kind.STORAGE_FULL : Kind.FAILED,
            "the state of environment \"%s\" could not be recorded".formatted(name))
        .detail(cause.toString())
        .hint(full ? MAKE_ROOM : TRY_AGAIN)
        .cause(cause)
        .build();
  }

  static EnvironmentUnavailable damaged(String name, String cloneId) {
    return damaged(
        name,
        "The record of its clone %s cannot be read.".formatted(cloneId),
        "Mend clones/%s/clone.json in the data directory, or remove environments/%s.json to give its"
                .formatted(cloneId, name)
            + " data up, and restart the daemon.");
  }

  static EnvironmentUnavailable unreadable(String name, String reason) {
    return damaged(
        name,
        reason,
        "Mend environments/%s.json in the data directory and restart the daemon;".formatted(name)
            + " if an administrator drops it, its data is given up.");
  }

  private static EnvironmentUnavailable damaged(String name, String detail, String hint) {
    return Refusal.of(Kind.FAILED, "environment \"%s\" is damaged".formatted(name))
        .detail(detail)
        .hint(hint)
        .build();
  }

  static EnvironmentUnavailable replaced(String name) {
    return Refusal.of(
            Kind.REPLACED, "environment \"%s\" was replaced while you logged in".formatted(name))
        .detail("The password is that of a role which was made or changed in what it was before.")
        .hint("Connect again.")
        .build();
  }

  static EnvironmentUnavailable notFreshForItsOwn(String name) {
    return Refusal.of(
            Kind.REPLACED,
            "environment \"%s\" does not begin anew for a role of its own".formatted(name))
        .detail(
            "The password is that of a role which was made or changed in it, and would be gone.")
        .hint("Use a login of the settings or a password of production, or leave out the token.")
        .build();
  }

  static EnvironmentUnavailable keepsItsData(String name) {
    return Refusal.of(
            Kind.NOT_IN_STATE, "environment \"%s\" is protected and keeps its data".formatted(name))
        .detail("It would begin anew for the token that understudy.fresh gives.")
        .hint(
            "Connect without the token, or lift the protection first: UNPROTECT ENVIRONMENT %s"
                .formatted(name))
        .build();
  }

  static EnvironmentUnavailable unstable(String name) {
    return Refusal.of(
            Kind.FAILED,
            "the server of environment \"%s\" ended right after its start".formatted(name))
        .hint(TRY_AGAIN)
        .build();
  }

  static EnvironmentUnavailable notStopped(String name) {
    return Refusal.of(
            Kind.FAILED, "the server of environment \"%s\" could not be stopped".formatted(name))
        .detail("A process of it was killed and does not end, as one does that waits for a disk.")
        .hint("Try again later; the daemon's log has the whole story.")
        .build();
  }

  static EnvironmentUnavailable unexpected(String name, Throwable cause) {
    return Refusal.of(Kind.FAILED, "something went wrong with environment \"%s\"".formatted(name))
        .detail(cause.toString())
        .hint(TRY_AGAIN)
        .cause(cause)
        .build();
  }
}
