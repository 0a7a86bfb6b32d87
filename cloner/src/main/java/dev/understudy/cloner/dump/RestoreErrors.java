package dev.understudy.cloner.dump;

import dev.understudy.cloner.source.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Understands what pg_restore complains about: which entry of the archive failed, and why. What
 * PostgreSQL says beside its first line may quote rows, and so is passed over. Used by one thread
 * at a time.
 */
final class RestoreErrors {
  private static final int MOST = 1000;
  private static final Pattern ENTRY = Pattern.compile("from TOC entry ([0-9]+);");

  /** Workers write side by side, and a line in parts. */
  private static final Pattern ERROR = Pattern.compile("(?:pg_restore: )+error: (.*)");

  private static final Pattern IGNORED = Pattern.compile("errors ignored on restore: [0-9]+");

  /** These run over rows, or hold values of some, which PostgreSQL may name after a colon. */
  private static final Pattern OVER_ROWS =
      Pattern.compile(
          "(TABLE DATA|STATISTICS DATA|MATERIALIZED VIEW|INDEX|CONSTRAINT|FK CONSTRAINT|CHECK"
              + " CONSTRAINT|BLOB).*");

  /** What is quoted and no name of an object may be a value, and may itself hold quotes. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "(\\b(?:collation|column|constraint|database|domain|encoding|extension|file|function"
              + "|index|language|method|object|parameter|partition|relation|role|schema|sequence"
              + "|server|table|tablespace|trigger|type|view) \"[^\"]*\")|\".*\"");

  /** Where the function stood that ended it; of other languages it is not told by what. */
  private static final Pattern RAISED =
      Pattern.compile("CONTEXT:  PL/(?:pgSQL function .* at (?:RAISE|ASSERT)|(?!pgSQL ).*)");

  /** It has a context of its own. */
  private static final Pattern NOTICE = Pattern.compile(".*(?:WARNING|NOTICE|INFO):  .*");

  private final String database;
  private final IntFunction<String> names;
  private final List<LeftOut> failures = new ArrayList<>();
  private int failed;
  private String entry = "an object";

  /** Whether what comes is still about the last failure. */
  private boolean open;

  private @Nullable String last;
  private boolean finished;

  /**
   * @param names of the archive's entries, by number
   */
  RestoreErrors(String database, IntFunction<String> names) {
    this.database = database;
    this.names = names;
  }

  void line(String line) {
    // A worker that ends may write into the same line.
    finished |= IGNORED.matcher(line).find();
    Matcher matcher = ENTRY.matcher(line);
    if (matcher.find()) {
      entry = names.apply(Integer.parseInt(matcher.group(1)));
      open = false;
      return;
    }
    Matcher error = ERROR.matcher(line);
    if (error.matches()) {
      fail(error.group(1));
    } else if (NOTICE.matcher(line).matches()) {
      open = false;
    } else if (RAISED.matcher(line).matches()) {
      conceal();
    }
  }

  private void fail(String message) {
    int said = message.indexOf("ERROR:  ");
    String reason = said < 0 ? message : message.substring(said + "ERROR:  ".length());
    if (isOverRows()) {
      int colon = reason.indexOf(": ");
      reason = withoutValues(colon < 0 ? reason : reason.substring(0, colon));
    }
    last = reason;
    open = true;
    failed++;
    if (failed <= MOST) {
      failures.add(failure(reason));
    }
  }

  /** What a function says of a row that it refuses may be anything. */
  private void conceal() {
    if (open && isOverRows()) {
      last = "a function of production's refuses it";
      if (failed <= MOST) {
        failures.set(failures.size() - 1, failure(last));
      }
    }
    open = false;
  }

  private boolean isOverRows() {
    return OVER_ROWS.matcher(entry.toUpperCase(Locale.ROOT)).matches();
  }

  private static String withoutValues(String reason) {
    return QUOTED
        .matcher(reason)
        .replaceAll(quoted ->
            quoted.group(1) == null ? "\"...\"" : Matcher.quoteReplacement(quoted.group(1)));
  }

  private LeftOut failure(String reason) {
    return new LeftOut(LeftOut.Kind.FAILED_OBJECT, database, entry, "failed: " + reason);
  }

  /**
   * What failed while all the rest went on; at most a thousand of them. Never nothing where
   * something did.
   *
   * @param status that it ended with
   */
  List<LeftOut> failures(int status) {
    if (status != 0 && failures.isEmpty()) {
      fail("pg_restore did not say what");
    }
    return List.copyOf(failures);
  }

  /**
   * Whether it got to its end, be it with errors.
   *
   * @param status that it ended with
   */
  boolean isFinished(int status) {
    return status == 0 || finished;
  }

  /** In its own words, what ended it. */
  String last(int status) {
    return last == null ? "It ended with status " + status + "." : last;
  }
}
