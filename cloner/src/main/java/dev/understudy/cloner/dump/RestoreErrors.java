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

  private final String database;
  private final IntFunction<String> names;
  private final List<LeftOut> failures = new ArrayList<>();
  private String entry = "an object";
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
    } else {
      Matcher error = ERROR.matcher(line);
      if (error.matches()) {
        fail(error.group(1));
      }
    }
  }

  private void fail(String message) {
    int said = message.indexOf("ERROR:  ");
    String reason = said < 0 ? message : message.substring(said + "ERROR:  ".length());
    int colon = reason.indexOf(": ");
    if (colon >= 0 && OVER_ROWS.matcher(entry.toUpperCase(Locale.ROOT)).matches()) {
      reason = reason.substring(0, colon);
    }
    last = reason;
    if (failures.size() < MOST) {
      failures.add(new LeftOut(LeftOut.Kind.FAILED_OBJECT, database, entry, "failed: " + reason));
    }
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
