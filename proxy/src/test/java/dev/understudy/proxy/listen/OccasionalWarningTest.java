package dev.understudy.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OccasionalWarningTest {
  @Test
  void saysItOnceAndThenHowOftenItHappened() {
    Logger logger = (Logger) LoggerFactory.getLogger(OccasionalWarningTest.class);
    logger.setAdditive(false);
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.start();
    logger.addAppender(written);
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    OccasionalWarning warning = new OccasionalWarning(logger, "storm", clock::get);

    for (int i = 0; i < 5; i++) {
      warning.happened();
    }
    clock.addAndGet(Duration.ofSeconds(11).toNanos());
    warning.happened();
    clock.addAndGet(Duration.ofSeconds(11).toNanos());
    warning.happened("at sea");

    assertThat(written.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("storm (1 times)", "storm (5 times)", "storm (1 times), at last at sea");
  }
}
