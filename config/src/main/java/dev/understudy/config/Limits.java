package dev.understudy.config;

/**
 * How many environments a daemon carries.
 *
 * @param environments that may exist at a time
 * @param running whose servers may run at a time
 * @param perRole that may exist at a time, made by one role
 */
public record Limits(int environments, int running, int perRole) {
  /** As many as the host can take. */
  public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);

  public Limits {
    if (environments < 1 || running < 1 || perRole < 1) {
      throw new IllegalArgumentException("a limit is less than 1");
    }
  }

  /** Whoever makes them. */
  public Limits(int environments, int running) {
    this(environments, running, Integer.MAX_VALUE);
  }
}
