package dev.understudy.server;

import dev.understudy.cloner.host.SystemCall;
import dev.understudy.cloner.host.SystemCallException;
import java.io.Console;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;

/** The terminal of whoever has started this process. */
public final class Terminal {
  private static final int USUAL_COLUMNS = 80;
  private static final int STANDARD_ERROR = 2;

  /** Four shorts: rows, columns, and both in pixels. */
  private static final long TIOCGWINSZ = 0x5413;

  private Terminal() {}

  /**
   * Whether somebody reads at one what is said. Some versions of Java have a console also where
   * output goes to a file, and others none.
   */
  public static boolean isThere() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** How wide it is now: as {@code COLUMNS} says, or the terminal itself; 80 if neither does. */
  public static int columns() {
    return columns(System.getenv(), STANDARD_ERROR);
  }

  static int columns(Map<String, String> variables, int descriptor) {
    String told = variables.getOrDefault("COLUMNS", "");
    if (told.matches("[1-9][0-9]{0,4}")) {
      return Integer.parseInt(told);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(4 * Short.BYTES, Short.BYTES);
      SystemCall.IOCTL.call("the terminal", descriptor, TIOCGWINSZ, size.address());
      int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Short.BYTES));
      return columns == 0 ? USUAL_COLUMNS : columns;
    } catch (SystemCallException e) {
      return USUAL_COLUMNS; // it is none
    }
  }
}
