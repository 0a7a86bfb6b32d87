package dev.understudy.config;

import org.jspecify.annotations.Nullable;

/** Reads what of a pattern says how much of the host a clone's server may take. */
final class ResourcesReader {
  private static final int MOST_CPU_WEIGHT = 10_000;

  /** A server has about eight before anybody connects, and one for each session. */
  private static final int LEAST_PROCESSES = 32;

  private static final int MOST_PROCESSES = 1_000_000;

  /** With less, a server does not even start. */
  private static final long LEAST_MEMORY = 64L << 20;

  /** PostgreSQL has no number for more. */
  private static final long MOST_TEMPORARY = (2L << 40) - 1024;

  /** The WAL of a server that hardly writes. */
  private static final long LEAST_PRIVATE = 64L << 20;

  private static final String UNLIMITED = "unlimited";

  private final Section section;

  ResourcesReader(Section section) {
    this.section = section;
  }

  Resources read() {
    return new Resources(
        size("memory", LEAST_MEMORY, Long.MAX_VALUE),
        number("cpu-weight", 1, MOST_CPU_WEIGHT),
        number("processes", LEAST_PROCESSES, MOST_PROCESSES),
        size("temp-file-limit", 0, MOST_TEMPORARY),
        size("private-limit", LEAST_PRIVATE, Long.MAX_VALUE));
  }

  private @Nullable Long size(String key, long least, long most) {
    String text = section.text(key);
    if (text == null || text.equals(UNLIMITED)) {
      return null;
    }
    return section.parsed(
        key,
        least,
        written -> {
          long bytes = SizeText.parse(written);
          if (bytes < least) {
            throw new IllegalArgumentException(
                "'%s' is less than %dM".formatted(written, least >> 20));
          }
          if (bytes > most) {
            throw new IllegalArgumentException("'" + written + "' is more than 2T");
          }
          return bytes;
        });
  }

  private @Nullable Integer number(String key, int least, int most) {
    String text = section.text(key);
    return text == null || text.equals(UNLIMITED) ? null : section.integer(key, least, least, most);
  }
}
