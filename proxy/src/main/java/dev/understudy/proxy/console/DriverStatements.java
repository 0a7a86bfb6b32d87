package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What drivers, pools and clients for people send without being asked. It is answered, so that they
 * work, and changes nothing but the state of the transaction and what is prepared.
 */
final class DriverStatements {
  /** What drivers send is short; matching what is not could take long. */
  private static final int MOST_CHARACTERS = 1_000;

  private static final Pattern IGNORED =
      Pattern.compile(
          "(?is)(SET|RESET(?!\\s+ENVIRONMENT\\b)|DISCARD|DEALLOCATE|LISTEN|UNLISTEN|CLOSE)\\b(.*)");
  private static final Pattern ALL = Pattern.compile("(?is)\\s+(PREPARE\\s+)?ALL\\s*");
  private static final Pattern NAMED =
      Pattern.compile("(?is)\\s+(?:PREPARE\\s+)?(?:\"([^\"]+)\"|(\\w+))\\s*");
  private static final Pattern SHOW = Pattern.compile("(?is)SHOW\\s+\"?(\\w+)\"?");
  private static final Pattern SHOW_ISOLATION =
      Pattern.compile("(?is)SHOW\\s+TRANSACTION\\s+ISOLATION\\s+LEVEL");
  private static final Pattern SHOW_ZONE = Pattern.compile("(?is)SHOW\\s+TIME\\s+ZONE");

  private final Parameters parameters;
  private final SelectList selectList;
  private final PreparedStatements prepared;
  private final Transaction transaction = new Transaction();

  DriverStatements(Parameters parameters, SelectList selectList, PreparedStatements prepared) {
    this.parameters = requireNonNull(parameters, "parameters is null");
    this.selectList = requireNonNull(selectList, "selectList is null");
    this.prepared = requireNonNull(prepared, "prepared is null");
  }

  TransactionStatus status() {
    return transaction.status();
  }

  /** A statement has failed. */
  void failed() {
    transaction.failed();
  }

  /** Null: it is something else. */
  @Nullable ConsoleStatement prepare(String text) {
    if (text.length() > MOST_CHARACTERS) {
      transaction.requireNotFailed();
      return CatalogQuery.prepare(text, parameters);
    }
    ConsoleStatement control = transaction.prepare(text);
    if (control != null) {
      return control;
    }
    Matcher ignored = IGNORED.matcher(text);
    if (ignored.matches()) {
      return ignored(ignored.group(1).toUpperCase(Locale.ROOT), ignored.group(2));
    }
    ConsoleStatement shown = show(text);
    ConsoleStatement selected = shown == null ? selectList.prepare(text) : shown;
    return selected == null ? CatalogQuery.prepare(text, parameters) : selected;
  }

  private ConsoleStatement ignored(String word, String rest) {
    boolean all = ALL.matcher(rest).matches();
    return switch (word) {
      case "DISCARD" -> all ? forgetting(word + " ALL", prepared::clear) : Immediate.of(word);
      case "DEALLOCATE" ->
          all ? forgetting(word + " ALL", prepared::clear) : forgetting(word, () -> forget(rest));
      default -> Immediate.of(word);
    };
  }

  private static ConsoleStatement forgetting(String tag, Runnable forget) {
    return new Immediate(
        List.of(),
        () -> {
          forget.run();
          return ConsoleResult.done(tag);
        });
  }

  /** A name without quotes is folded, as PostgreSQL does; drivers make theirs in lower case. */
  private void forget(String rest) {
    Matcher named = NAMED.matcher(rest);
    if (named.matches()) {
      prepared.remove(
          named.group(1) == null ? named.group(2).toLowerCase(Locale.ROOT) : named.group(1));
    }
  }

  private @Nullable ConsoleStatement show(String text) {
    if (SHOW_ISOLATION.matcher(text).matches()) {
      return shown("transaction_isolation");
    }
    if (SHOW_ZONE.matcher(text).matches()) {
      return shown("TimeZone");
    }
    Matcher show = SHOW.matcher(text);
    return show.matches() ? shown(show.group(1)) : null;
  }

  private @Nullable ConsoleStatement shown(String name) {
    String value = parameters.get(name);
    return value == null
        ? null
        : Immediate.of("SHOW", List.of(Column.text(name)), ConsoleResult.row(value));
  }
}
