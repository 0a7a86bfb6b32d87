package dev.understudy.config;

/**
 * How many environments of one pattern there may be.
 *
 * @param environments in total
 * @param perRole made by one role
 */
public record Quota(int environments, int perRole) {
  public static final Quota UNLIMITED = new Quota(Integer.MAX_VALUE, Integer.MAX_VALUE);

  public Quota {
    if (environments < 1 || perRole < 1) {
      throw new IllegalArgumentException("a limit is less than 1");
    }
  }
}
