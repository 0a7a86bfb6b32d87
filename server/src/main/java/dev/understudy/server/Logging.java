package dev.understudy.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/**
 * One line for each event, to stderr, in UTC. Found by Logback as a service: half the time that its
 * XML takes at every start.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  /** Names the level of our own loggers: error, warn, info (the default), debug or trace. */
  private static final String LEVEL_VARIABLE = "UNDERSTUDY_LOG";

  /** What may steer a terminal, end a line, or change the order in which one is shown. */
  private static final String CONTROLS = "\\p{Cc}\\p{Cf}\\u2028\\u2029";

  /**
   * Names that clients choose are part of messages: they must not forge lines or steer a terminal.
   */
  private static final String MESSAGE =
      "%replace(%replace(%msg){'\\s*\\R\\s*', ' | '}){'[" + CONTROLS + "]', '?'}";

  /**
   * And of messages of exceptions: only a stack trace's own lines, which begin unlike ours, are
   * lines. Without the last word Logback would add the exception once more as it is.
   */
  private static final String EXCEPTION =
      "%replace(%replace(%ex){'\\R(?!\\t|Caused by: |\\z)', ' | '}){'["
          + CONTROLS
          + "&&[^\\n\\t]]', '?'}%nopex";

  private static final String OURS = "dev.understudy";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level " + MESSAGE + "%n" + EXCEPTION);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(stderr);
    context.getLogger(OURS).setLevel(Level.toLevel(System.getenv(LEVEL_VARIABLE), Level.INFO));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** For commands whose output is for people: only what goes wrong is logged. */
  public static void warningsOnly() {
    setLevel(OURS, Level.WARN);
  }

  /** For a part whose warnings the command tells in its own words. */
  public static void errorsOnly(String logger) {
    setLevel(logger, Level.ERROR);
  }

  /** Unless somebody wants to see more. */
  private static void setLevel(String name, Level level) {
    if (System.getenv(LEVEL_VARIABLE) == null
        && LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
