package dev.understudy.cloner.sandbox;

import java.io.IOException;
import java.util.List;

/**
 * A way to run a server on copied data. The command line that it makes is in a session of its own,
 * has an empty environment but for PATH, can gain no privileges, and obeys {@link Init}: nothing
 * but waiting happens before the daemon says go.
 */
public sealed interface Sandbox permits Bubblewrap, UtilLinux, NoSandbox {
  /** For people. */
  String describe();

  /**
   * True if nothing but the confinement exists inside: no other file, process, network interface or
   * socket. The process that waits for go is then the first of its own pid namespace and the only
   * child of the one that was started.
   */
  boolean isolates();

  Inside inside(Confinement confinement);

  /** Makes what the command line needs to find; called before every start. */
  default void prepare(Confinement confinement) throws IOException {}

  /**
   * Returns the command line, which is to be started with an empty environment.
   *
   * @param command with the paths of {@link #inside}
   */
  List<String> command(Confinement confinement, List<String> command);
}
