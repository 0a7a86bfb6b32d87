package dev.understudy.server.usage;

/**
 * What was used within a day.
 *
 * @param runningMillis that environments have run, all added up
 * @param processorMillis that processors have worked for them
 * @param privateBytesPeak the most bytes on disk that they had for themselves at once, all added up
 */
public record Amount(long runningMillis, long processorMillis, long privateBytesPeak) {
  static final Amount NONE = new Amount(0, 0, 0);

  public Amount {
    if (runningMillis < 0 || processorMillis < 0 || privateBytesPeak < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** With what has come since, within the same day. */
  Amount plus(Amount later) {
    return new Amount(
        runningMillis + later.runningMillis,
        processorMillis + later.processorMillis,
        Math.max(privateBytesPeak, later.privateBytesPeak));
  }

  /** Of different parties in the same moment. */
  Amount beside(Amount other) {
    return new Amount(
        runningMillis + other.runningMillis,
        processorMillis + other.processorMillis,
        privateBytesPeak + other.privateBytesPeak);
  }
}
