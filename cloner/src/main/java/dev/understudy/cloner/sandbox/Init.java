package dev.understudy.cloner.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The first process inside. It prints {@link #READY} to the pipe on its stdout once everything
 * around it is made, waits on stdin for {@link #GO}, and ends where that pipe closes before: a
 * daemon that dies in between leaves nothing running. Then it lets go of both pipes; stdout goes
 * where stderr goes.
 */
public final class Init {
  public static final String READY = "ready";
  public static final String GO = "go";

  private static final String WAIT_FOR_GO =
      """
      umask 077
      printf 'ready\\n'
      read -r go && [ "$go" = go ] || exit 125
      exec </dev/null >&2
      """;

  private Init() {}

  /**
   * Stays as parent of the command. PostgreSQL takes any child that fails for a crash of one of its
   * own processes, so it must not be the one that inherits the orphans of a pid namespace.
   */
  static List<String> reaping(List<String> command) {
    return shell(WAIT_FOR_GO + "\"$@\" &\nwait $!\n", command);
  }

  /** Becomes the command. */
  static List<String> direct(List<String> command) {
    return shell(WAIT_FOR_GO + "exec \"$@\"\n", command);
  }

  private static List<String> shell(String script, List<String> command) {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", script, "understudy-init"));
    all.addAll(command);
    return all;
  }
}
