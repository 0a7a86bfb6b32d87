package dev.understudy.proxy.console;

/** What the virtual database {@code understudy} can do. */
public interface Console {
  /**
   * Reads one statement and runs nothing yet. Returns at once.
   *
   * @param text without a semicolon at its end; not empty
   * @throws ConsoleException if it is none, or not for this client
   */
  ConsoleStatement prepare(String text, ConsoleClient client);
}
