package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.Acknowledgement;
import dev.understudy.protocol.backend.CommandComplete;
import dev.understudy.protocol.backend.ServerMessage;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A statement on its way: run once, its rows sent in as many parts as the client wants. */
final class Portal {
  private final ConsoleStatement statement;
  private final Formats formats;
  private @Nullable ConsoleResult result;
  private int sent;
  private boolean noticed;

  Portal(ConsoleStatement statement, Formats formats) {
    this.statement = requireNonNull(statement, "statement is null");
    this.formats = requireNonNull(formats, "formats is null");
  }

  ConsoleStatement statement() {
    return statement;
  }

  Formats formats() {
    return formats;
  }

  boolean hasRun() {
    return result != null;
  }

  void hasRun(ConsoleResult with) {
    result = with;
  }

  /** Sends those that were not sent before. */
  void sendNotices(Consumer<ServerMessage> out) {
    if (!noticed) {
      noticed = true;
      requireNonNull(result, "not run yet").notices().forEach(out);
    }
  }

  /**
   * Sends rows that were not sent before, and how it ended.
   *
   * @param maxRows 0: all
   */
  void send(int maxRows, Consumer<ServerMessage> out) {
    sendNotices(out);
    ConsoleResult whole = requireNonNull(result, "not run yet");
    List<? extends List<@Nullable Object>> rows = whole.rows();
    int end = maxRows <= 0 ? rows.size() : (int) Math.min(rows.size(), (long) sent + maxRows);
    while (sent < end) {
      out.accept(formats.row(rows.get(sent++)));
    }
    out.accept(
        sent < rows.size() ? Acknowledgement.PORTAL_SUSPENDED : new CommandComplete(whole.tag()));
  }
}
