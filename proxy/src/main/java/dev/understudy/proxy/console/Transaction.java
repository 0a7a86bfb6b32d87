package dev.understudy.proxy.console;

import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a session stands that begins and ends transactions, as most drivers do without being asked.
 * Commands of the console take effect at once all the same, and cannot be rolled back.
 */
final class Transaction {
  private static final Pattern CONTROL =
      Pattern.compile(
          "(?is)(BEGIN|START\\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE)\\b(.*)");
  private static final Pattern TO_SAVEPOINT =
      Pattern.compile("(?is)\\s+((WORK|TRANSACTION)\\s+)?TO\\b.*");

  private TransactionStatus status = TransactionStatus.IDLE;

  TransactionStatus status() {
    return status;
  }

  /** A statement has failed. */
  void failed() {
    if (status == TransactionStatus.IN_TRANSACTION) {
      status = TransactionStatus.FAILED_TRANSACTION;
    }
  }

  /**
   * The statement that begins or ends one; null: it is something else.
   *
   * @throws ConsoleException if it is, and has no place in a transaction that has failed
   */
  @Nullable ConsoleStatement prepare(String text) {
    Matcher control = CONTROL.matcher(text);
    if (!control.matches()) {
      requireNotFailed();
      return null;
    }
    String rest = control.group(2);
    return switch (control.group(1).toUpperCase(Locale.ROOT)) {
      case "COMMIT", "END" -> new Immediate(List.of(), this::commit);
      case "ROLLBACK", "ABORT" ->
          TO_SAVEPOINT.matcher(rest).matches()
              ? to("ROLLBACK", TransactionStatus.IN_TRANSACTION)
              : to("ROLLBACK", TransactionStatus.IDLE);
      case "SAVEPOINT" -> inside("SAVEPOINT");
      case "RELEASE" -> inside("RELEASE");
      default -> begin(control.group(1));
    };
  }

  /**
   * For what does not end the transaction.
   *
   * @throws ConsoleException if it has failed
   */
  void requireNotFailed() {
    if (status == TransactionStatus.FAILED_TRANSACTION) {
      throw new ConsoleException(
          "25P02",
          "current transaction is aborted, commands ignored until end of transaction block",
          null,
          null);
    }
  }

  private ConsoleStatement begin(String word) {
    requireNotFailed();
    return to(
        word.equalsIgnoreCase("BEGIN") ? "BEGIN" : "START TRANSACTION",
        TransactionStatus.IN_TRANSACTION);
  }

  private ConsoleStatement inside(String tag) {
    requireNotFailed();
    return Immediate.of(tag);
  }

  private ConsoleStatement to(String tag, TransactionStatus next) {
    return new Immediate(
        List.of(),
        () -> {
          status = next;
          return ConsoleResult.done(tag);
        });
  }

  private ConsoleResult commit() {
    boolean failed = status == TransactionStatus.FAILED_TRANSACTION;
    status = TransactionStatus.IDLE;
    return ConsoleResult.done(failed ? "ROLLBACK" : "COMMIT");
  }
}
