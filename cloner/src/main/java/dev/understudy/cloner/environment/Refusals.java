package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.StorageErrors;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.trash.Trash;
import java.io.IOException;
import java.util.stream.Collectors;

/** The words in which a client is refused. */
final class Refusals {
  private static final String TRY_AGAIN =
      "Connect again to try once more; the daemon's log has the whole story.";

  private static final String MAKE_ROOM =
      "Drop environments that nobody needs, or enlarge the file system of the data directory.";

  private Refusals() {}

  static EnvironmentUnavailable shuttingDown() {
    return new EnvironmentUnavailable(
        Kind.SHUTTING_DOWN, "Understudy is shutting down", null, null, null);
  }

  static EnvironmentUnavailable unknown(String name) {
    return new EnvironmentUnavailable(
        Kind.UNKNOWN_ENVIRONMENT,
        "no environment \"%s\" can exist".formatted(name),
        "No pattern of the settings' \"environments\" covers this name.",
        null,
        null);
  }

  static EnvironmentUnavailable noDatabase(String name, String database, Snapshot snapshot) {
    String databases =
        snapshot.databases().stream()
            .filter(known -> known.allowsConnections() && !known.template())
            .map(Snapshot.Database::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return new EnvironmentUnavailable(
        Kind.UNKNOWN_DATABASE,
        "database \"%s\" does not exist".formatted(database),
        "Environment \"%s\" was not made: its source \"%s\" has no such database."
            .formatted(name, snapshot.source()),
        "There are: " + databases,
        null);
  }

  static EnvironmentUnavailable noSnapshot(String name, String source) {
    return new EnvironmentUnavailable(
        Kind.NO_SNAPSHOT,
        "environment \"%s\" cannot be made yet".formatted(name),
        "There is no snapshot of source \"%s\" so far.".formatted(source),
        "The daemon's log says why none could be cut; it is tried again by itself.",
        null);
  }

  static EnvironmentUnavailable tooMany(String name, int limit) {
    return new EnvironmentUnavailable(
        Kind.LIMIT,
        "environment \"%s\" cannot be made: there are too many".formatted(name),
        "%d environments exist, as many as limits.environments allows.".formatted(limit),
        "Connect to one that exists, or wait until one is dropped because nobody uses it.",
        null);
  }

  static EnvironmentUnavailable tooManyAlike(String name, String pattern, int limit, String key) {
    return new EnvironmentUnavailable(
        Kind.LIMIT,
        "environment \"%s\" cannot be made: there are too many like it".formatted(name),
        "%d environments of \"%s\" exist, as many as %s allows.".formatted(limit, pattern, key),
        "Connect to one that exists, or wait until one is dropped because nobody uses it.",
        null);
  }

  static EnvironmentUnavailable tooManyOf(Quotas.Member newcomer, int limit, String key) {
    return new EnvironmentUnavailable(
        Kind.LIMIT,
        "environment \"%s\" cannot be made: you have too many".formatted(newcomer.name()),
        "Role \"%s\" has made %d that exist, as many as %s allows."
            .formatted(newcomer.owner(), limit, key),
        "Connect to one that exists, or wait until one is dropped because nobody uses it.",
        null);
  }

  static EnvironmentUnavailable tooManyRun(String name, int limit) {
    return new EnvironmentUnavailable(
        Kind.LIMIT,
        "environment \"%s\" cannot be started: too many are in use".formatted(name),
        "%d run, as many as limits.running allows, and all of them have sessions.".formatted(limit),
        "Close the sessions of one that is not needed, or try again later.",
        null);
  }

  static EnvironmentUnavailable wroteTooMuch(String name, long bytes, long limit, String key) {
    return new EnvironmentUnavailable(
        Kind.STORAGE_FULL,
        "too much was written to environment \"%s\"".formatted(name),
        "%d bytes on disk are its own, and %s allows %d.".formatted(bytes, key, limit),
        "Begin anew with the newest data (PGOPTIONS=\"-c understudy.fresh=TOKEN\", with any new"
            + " TOKEN), or remove data in a session that is still open (DROP, TRUNCATE, VACUUM"
            + " FULL); it is measured again when somebody connects.",
        null);
  }

  static EnvironmentUnavailable otherSource(EnvironmentRecord record, String configured) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "environment \"%s\" is of another source than the settings say".formatted(record.name()),
        "Its data is of source \"%s\"; the settings now make it from source \"%s\"."
            .formatted(record.source(), configured),
        "Restore source = %s for it in the settings, or remove environments/%s.json in the data"
                .formatted(record.source(), record.name())
            + " directory to give its data up, and restart the daemon.",
        null);
  }

  static EnvironmentUnavailable of(String name, String verb, CloneException cause) {
    String message = "environment \"%s\" could not be %s".formatted(name, verb);
    String detail = cause.words();
    return switch (cause.reason()) {
      case STORAGE_FULL ->
          new EnvironmentUnavailable(Kind.STORAGE_FULL, message, detail, MAKE_ROOM, cause);
      case NO_BINARIES ->
          new EnvironmentUnavailable(
              Kind.FAILED,
              message,
              detail,
              "Install that version of PostgreSQL, or name its directory in postgresql.binaries.",
              cause);
      case HOOK_FAILED ->
          new EnvironmentUnavailable(
              Kind.FAILED,
              message,
              detail,
              "Mend the hook, or take it out of the settings; each connection tries again.",
              cause);
      case COPY_FAILED, START_FAILED ->
          new EnvironmentUnavailable(Kind.FAILED, message, detail, TRY_AGAIN, cause);
    };
  }

  static EnvironmentUnavailable notRecorded(String name, IOException cause) {
    boolean full = StorageErrors.isFull(cause);
    return new EnvironmentUnavailable(
        full ? Kind.STORAGE_FULL : Kind.FAILED,
        "the state of environment \"%s\" could not be recorded".formatted(name),
        cause.toString(),
        full ? MAKE_ROOM : TRY_AGAIN,
        cause);
  }

  static EnvironmentUnavailable damaged(String name, String cloneId) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "environment \"%s\" is damaged".formatted(name),
        "The record of its clone %s cannot be read.".formatted(cloneId),
        "Mend clones/%s/clone.json in the data directory, or remove environments/%s.json to give its"
                .formatted(cloneId, name)
            + " data up, and restart the daemon.",
        null);
  }

  static EnvironmentUnavailable unreadable(String name, String reason) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "environment \"%s\" is damaged".formatted(name),
        reason,
        "Mend environments/%s.json in the data directory, or remove it to give its data up, and"
                .formatted(name)
            + " restart the daemon.",
        null);
  }

  static EnvironmentUnavailable doesNotExist(String name) {
    return new EnvironmentUnavailable(
        Kind.UNKNOWN_ENVIRONMENT,
        "environment \"%s\" does not exist".formatted(name),
        null,
        null,
        null);
  }

  /**
   * Somebody would lose what they are doing.
   *
   * @param verb of the operation
   */
  static EnvironmentUnavailable inUse(String name, String verb) {
    return new EnvironmentUnavailable(
        Kind.IN_USE,
        "environment \"%s\" is in use".formatted(name),
        "A statement runs in it, a transaction is open, or somebody is just connecting.",
        "Try again later, or end their sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name),
        null);
  }

  static EnvironmentUnavailable livesAnew(String name, String former) {
    return new EnvironmentUnavailable(
        Kind.EXISTS,
        "environment \"%s\" exists".formatted(name),
        name.equals(former) ? "It was made anew since it was dropped." : null,
        "Choose another name: UNDROP ENVIRONMENT %s AS other".formatted(former),
        null);
  }

  static EnvironmentUnavailable notInTrash(String name, Trash trash) {
    String names =
        trash.list().stream()
            .map(record -> record.environment().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return new EnvironmentUnavailable(
        Kind.UNKNOWN_ENVIRONMENT,
        "there is no environment \"%s\" in the trash".formatted(name),
        null,
        names.isEmpty() ? "The trash is empty." : "There are: " + names,
        null);
  }

  static EnvironmentUnavailable unstable(String name) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "the server of environment \"%s\" ended right after its start".formatted(name),
        null,
        TRY_AGAIN,
        null);
  }

  static EnvironmentUnavailable unexpected(String name, Throwable cause) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "something went wrong with environment \"%s\"".formatted(name),
        cause.toString(),
        TRY_AGAIN,
        cause);
  }
}
