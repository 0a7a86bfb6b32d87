package dev.understudy.server.serve;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the audit log is told from its making on. */
final class AuditLog implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.understudy.audit");
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  AuditLog() {
    told.start();
    logger.addAppender(told);
  }

  List<String> lines() {
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(told);
  }
}
