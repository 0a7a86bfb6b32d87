package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.trash.Trash;
import java.util.List;
import java.util.stream.Collectors;

/** The words in which somebody is refused who wants something done to an environment by hand. */
final class OperationRefusals {
  private static final String MADE_ANEW =
      "Connect to it: it is made anew from the newest snapshot.";

  private static final String MASKED_OTHERWISE =
      "Its data is not masked as today's settings want it.";

  private OperationRefusals() {}

  static EnvironmentUnavailable doesNotExist(String name) {
    return Refusal.of(Kind.UNKNOWN_ENVIRONMENT, "environment \"%s\" does not exist".formatted(name))
        .build();
  }

  static EnvironmentUnavailable exists(String name) {
    return Refusal.of(Kind.EXISTS, "environment \"%s\" already exists".formatted(name))
        .hint("Drop it first, refresh it, or choose another name.")
        .build();
  }

  static EnvironmentUnavailable livesAnew(String name, String former) {
    return Refusal.of(Kind.EXISTS, "environment \"%s\" exists".formatted(name))
        .detail(name.equals(former) ? "It was made anew since it was dropped." : null)
        .hint("Choose another name: UNDROP ENVIRONMENT %s AS other".formatted(former))
        .build();
  }

  static EnvironmentUnavailable notInTrash(String name, Trash trash) {
    String names =
        trash.list().stream()
            .map(record -> record.environment().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return Refusal.of(
            Kind.UNKNOWN_ENVIRONMENT, "there is no environment \"%s\" in the trash".formatted(name))
        .hint(names.isEmpty() ? "The trash is empty." : "There are: " + names)
        .build();
  }

  static EnvironmentUnavailable mayBeUsed(String name, String verb) {
    return inUse(
        name,
        verb,
        "A statement runs in it, a transaction is open, or somebody is just connecting.");
  }

  static EnvironmentUnavailable busy(String name, String verb, int sessions) {
    return inUse(
        name,
        verb,
        sessions == 1
            ? "1 session is in the middle of a transaction or a statement."
            : "%d sessions are in the middle of a transaction or a statement.".formatted(sessions));
  }

  static EnvironmentUnavailable justUsed(String name, String verb) {
    return inUse(name, verb, "A session sent something at the last moment.");
  }

  /**
   * Somebody would lose what they are doing.
   *
   * @param verb of the operation
   */
  private static EnvironmentUnavailable inUse(String name, String verb, String detail) {
    return Refusal.of(Kind.IN_USE, "environment \"%s\" is in use".formatted(name))
        .detail(detail)
        .hint(
            "Try again later, or end their sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name))
        .build();
  }

  static EnvironmentUnavailable silent(String name, String verb) {
    return Refusal.of(Kind.IN_USE, "environment \"%s\" may be in use".formatted(name))
        .detail("Its server does not tell whether transactions are open.")
        .hint("Try again later, or end all sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name))
        .build();
  }

  static EnvironmentUnavailable snapshotGone(String name, String snapshot) {
    return cannotBeReset(name)
        .detail(
            "The snapshot %s that it came from may not serve any more, or is not kept any more."
                .formatted(snapshot))
        .hint("Move it to the newest one: REFRESH ENVIRONMENT %s".formatted(name))
        .build();
  }

  static EnvironmentUnavailable nothingToReset(String name) {
    return cannotBeReset(name)
        .detail("Its data was lost with a crash of the host.")
        .hint(MADE_ANEW)
        .build();
  }

  private static Refusal cannotBeReset(String name) {
    return Refusal.of(Kind.NOT_IN_STATE, "environment \"%s\" cannot be reset".formatted(name));
  }

  static EnvironmentUnavailable notDurable(String name, Exception cause) {
    return Refusal.of(
            Kind.FAILED,
            "environment \"%s\" is protected, but a crash of the host would still cost its data"
                .formatted(name))
        .detail(cause instanceof CloneException failure ? failure.words() : cause.toString())
        .hint(
            "Try again, when no long statement runs in it: PROTECT ENVIRONMENT %s. Or put it to sleep;"
                    .formatted(name)
                + " it is durable once it has been woken.")
        .cause(cause)
        .build();
  }

  static EnvironmentUnavailable sourceOfOther(String name, String wanted, String configured) {
    return Refusal.of(
            Kind.INVALID,
            "environment \"%s\" cannot be made from source \"%s\"".formatted(name, wanted))
        .detail(
            "The settings say that environments of this name are of source \"%s\"."
                .formatted(configured))
        .hint("Leave the source out, or choose a name that the settings make from it.")
        .build();
  }

  static EnvironmentUnavailable unknownSnapshot(String id, String source, List<Snapshot> known) {
    String ids =
        known.stream()
            .map(snapshot -> "%s (data of %s)".formatted(snapshot.id(), snapshot.dataTime()))
            .collect(Collectors.joining(", "));
    return Refusal.of(
            Kind.UNKNOWN_SNAPSHOT,
            "there is no snapshot \"%s\" of source \"%s\"".formatted(id, source))
        .hint(ids.isEmpty() ? null : "There are: " + ids)
        .build();
  }

  static EnvironmentUnavailable freshOfOther() {
    return Refusal.of(
            Kind.INVALID, "FRESH cuts a new snapshot, and FROM names what is there already")
        .hint("Leave out one of the two.")
        .build();
  }

  static EnvironmentUnavailable notCut(String name, Throwable cause) {
    return Refusal.of(
            Kind.FAILED,
            "environment \"%s\" could not be made: no snapshot could be cut".formatted(name))
        .detail(cause.getMessage())
        .hint("Without FRESH it is made from the newest snapshot that there is.")
        .cause(cause)
        .build();
  }

  static EnvironmentUnavailable parentLost(String parent) {
    return Refusal.of(
            Kind.NOT_IN_STATE, "environment \"%s\" has no data to branch".formatted(parent))
        .detail("It was lost with a crash of the host.")
        .hint(MADE_ANEW)
        .build();
  }

  static EnvironmentUnavailable trashedMaskedOtherwise(String former) {
    return Refusal.of(Kind.NOT_IN_STATE, "environment \"%s\" cannot be had back".formatted(former))
        .detail(MASKED_OTHERWISE)
        .hint(
            "Connect instead, which makes one from the newest snapshot, or restore the settings"
                + " that its data was masked by before it leaves the trash.")
        .build();
  }

  static EnvironmentUnavailable parentMaskedOtherwise(String parent) {
    return Refusal.of(Kind.NOT_IN_STATE, "environment \"%s\" cannot be branched".formatted(parent))
        .detail(MASKED_OTHERWISE)
        .hint("Refresh it first: REFRESH ENVIRONMENT %s".formatted(parent))
        .build();
  }
}
