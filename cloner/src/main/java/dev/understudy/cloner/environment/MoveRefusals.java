package dev.understudy.cloner.environment;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.snapshot.Snapshot;
import java.util.List;
import java.util.stream.Collectors;

/** The words in which somebody is refused who wants an environment made or moved. */
final class MoveRefusals {
  private MoveRefusals() {}

  /**
   * @param verb of the operation
   */
  static EnvironmentUnavailable busy(String name, String verb, int sessions) {
    return new EnvironmentUnavailable(
        Kind.IN_USE,
        "environment \"%s\" is in use".formatted(name),
        sessions == 1
            ? "1 session is in the middle of a transaction or a statement."
            : "%d sessions are in the middle of a transaction or a statement.".formatted(sessions),
        "Try again later, or end their sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name),
        null);
  }

  static EnvironmentUnavailable justUsed(String name, String verb) {
    return new EnvironmentUnavailable(
        Kind.IN_USE,
        "environment \"%s\" is in use".formatted(name),
        "A session sent something at the last moment.",
        "Try again later, or end their sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name),
        null);
  }

  static EnvironmentUnavailable silent(String name, String verb) {
    return new EnvironmentUnavailable(
        Kind.IN_USE,
        "environment \"%s\" may be in use".formatted(name),
        "Its server does not tell whether transactions are open.",
        "Try again later, or end all sessions: %s ENVIRONMENT %s FORCE".formatted(verb, name),
        null);
  }

  static EnvironmentUnavailable snapshotGone(String name, String snapshot) {
    return new EnvironmentUnavailable(
        Kind.NOT_IN_STATE,
        "environment \"%s\" cannot be reset".formatted(name),
        "The snapshot %s that it came from may not serve any more, or is not kept any more."
            .formatted(snapshot),
        "Move it to the newest one: REFRESH ENVIRONMENT %s".formatted(name),
        null);
  }

  static EnvironmentUnavailable nothingToReset(String name) {
    return new EnvironmentUnavailable(
        Kind.NOT_IN_STATE,
        "environment \"%s\" cannot be reset".formatted(name),
        "Its data was lost with a crash of the host.",
        "Connect to it: it is made anew from the newest snapshot.",
        null);
  }

  static EnvironmentUnavailable exists(String name) {
    return new EnvironmentUnavailable(
        Kind.EXISTS, "environment \"%s\" already exists".formatted(name), null, null, null);
  }

  static EnvironmentUnavailable sourceOfOther(String name, String wanted, String configured) {
    return new EnvironmentUnavailable(
        Kind.INVALID,
        "environment \"%s\" cannot be made from source \"%s\"".formatted(name, wanted),
        "The settings say that environments of this name are of source \"%s\"."
            .formatted(configured),
        null,
        null);
  }

  static EnvironmentUnavailable unknownSnapshot(String id, String source, List<Snapshot> known) {
    String ids =
        known.stream()
            .map(snapshot -> "%s (data of %s)".formatted(snapshot.id(), snapshot.dataTime()))
            .collect(Collectors.joining(", "));
    return new EnvironmentUnavailable(
        Kind.UNKNOWN_SNAPSHOT,
        "there is no snapshot \"%s\" of source \"%s\"".formatted(id, source),
        null,
        ids.isEmpty() ? null : "There are: " + ids,
        null);
  }

  static EnvironmentUnavailable freshOfOther() {
    return new EnvironmentUnavailable(
        Kind.INVALID,
        "FRESH goes with a source only",
        "It cuts a snapshot of the source first.",
        null,
        null);
  }

  static EnvironmentUnavailable notCut(String name, Throwable cause) {
    return new EnvironmentUnavailable(
        Kind.FAILED,
        "environment \"%s\" could not be made: no snapshot could be cut".formatted(name),
        cause.getMessage(),
        "Without FRESH it is made from the newest snapshot that there is.",
        cause);
  }

  static EnvironmentUnavailable parentLost(String parent) {
    return new EnvironmentUnavailable(
        Kind.NOT_IN_STATE,
        "environment \"%s\" has no data to branch".formatted(parent),
        "It was lost with a crash of the host.",
        "Connect to it: it is made anew from the newest snapshot.",
        null);
  }

  static EnvironmentUnavailable parentMaskedOtherwise(String parent) {
    return new EnvironmentUnavailable(
        Kind.NOT_IN_STATE,
        "environment \"%s\" cannot be branched".formatted(parent),
        "Its data is not masked as today's settings want it.",
        "Refresh it first: REFRESH ENVIRONMENT %s".formatted(parent),
        null);
  }
}
