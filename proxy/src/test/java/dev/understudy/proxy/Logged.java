package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the proxy logs for its user. */
final class Logged {
  private Logged() {}

  /**
   * At info and above, which must have no stack trace; without the line at the start that says what
   * TLS is done by.
   */
  static List<String> during(Action action) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.understudy.proxy");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try {
      action.run();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
    assertThat(appender.list).allMatch(event -> event.getThrowableProxy() == null);
    return appender.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> !line.startsWith("TLS by "))
        .toList();
  }

  /** What may throw. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }
}
