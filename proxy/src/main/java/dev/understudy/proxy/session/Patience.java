package dev.understudy.proxy.session;

/**
 * How often, and after which pauses, the server of an environment is asked again that has not taken
 * a session. One that says that it will is asked without end: who waits has a deadline.
 */
final class Patience {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /** With the pauses between them these take less than a second. */
  private static final int MOST_FAILURES = 4;

  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private int failures;
  private boolean announced;

  /** A server that has ended, or is ending: false if that is one time too many. */
  boolean forgives() {
    failures++;
    return failures <= MOST_FAILURES;
  }

  /** True once. */
  boolean isNew() {
    boolean first = !announced;
    announced = true;
    return first;
  }

  /** From one to the next they get longer. */
  long nextPauseMillis() {
    long pause = pauseMillis;
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
    return pause;
  }
}
