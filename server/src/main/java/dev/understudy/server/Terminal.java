package dev.understudy.server;

import java.io.Console;
import java.util.Optional;

/** The terminal of whoever has started this process. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether somebody reads at one what is said. Some versions of Java have a console also where
   * output goes to a file, and others none.
   */
  public static boolean isThere() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
