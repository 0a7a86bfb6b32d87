package dev.understudy.server.operate;

import java.util.stream.Collectors;

/** What an actor may do at all, whatever belongs to it. */
final class Rights {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private Rights() {}

  /** Refuses an actor that is none, in the words of all such refusals. */
  static void requireAdministrator(Actor actor, String what) {
    if (!actor.steersAll()) {
      throw OperationException.of(
          INSUFFICIENT_PRIVILEGE, "must be administrator to " + what, null, wayToMore(actor));
    }
  }

  /** What an actor is confined to, whatever belongs to it. */
  static void requireReach(Actor actor, String environment) {
    if (actor.reach().readOnly()) {
      throw OperationException.of(
          INSUFFICIENT_PRIVILEGE,
          "\"" + actor.login() + "\" may look and change nothing",
          null,
          wayToMore(actor));
    }
    if (!actor.reach().covers(environment)) {
      throw OperationException.of(
          INSUFFICIENT_PRIVILEGE,
          "environment \"" + environment + "\" is not for \"" + actor.login() + "\"",
          actor.reach().environments().stream()
              .map(pattern -> "\"" + pattern + "\"")
              .collect(Collectors.joining(", ", "It is for ", " only.")),
          wayToMore(actor));
    }
  }

  static String wayToMore(Actor actor) {
    return actor.via().equals(Operations.VIA_HTTP)
        ? "Ask for more rights in http.tokens of the settings, or for another token."
        : "Ask for \"admin = true\" in the settings of user \"" + actor.login() + "\".";
  }
}
