package dev.understudy.config;

/** Reads how many there may be of something. */
final class QuotaReader {
  private static final int MOST = 100_000;

  private QuotaReader() {}

  /** Of one pattern. */
  static Quota read(Section section) {
    return new Quota(limit(section, "limit"), limit(section, "limit-per-role"));
  }

  static int limit(Section section, String key) {
    return "unlimited".equals(section.text(key))
        ? Integer.MAX_VALUE
        : section.integer(key, Integer.MAX_VALUE, 1, MOST);
  }
}
