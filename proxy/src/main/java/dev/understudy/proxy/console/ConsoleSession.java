package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.Acknowledgement;
import dev.understudy.protocol.backend.ParameterDescription;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import dev.understudy.protocol.backend.ServerMessage;
import dev.understudy.protocol.frontend.Bind;
import dev.understudy.protocol.frontend.Close;
import dev.understudy.protocol.frontend.Describe;
import dev.understudy.protocol.frontend.Execute;
import dev.understudy.protocol.frontend.FrontendMessage;
import dev.understudy.protocol.frontend.Parse;
import dev.understudy.protocol.frontend.Query;
import dev.understudy.protocol.frontend.Target;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the messages of one client, one after the other: the next may be given when the stage
 * that the last returned has completed. Used on one thread, that of its executor.
 */
final class ConsoleSession {
  private static final int MOST_PORTALS = 100;
  private static final int LONGEST_PORTAL_NAME = 1_000;

  private static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private final Function<String, ConsoleStatement> commands;
  private final DriverStatements driver;
  private final Executor thread;
  private final Consumer<ServerMessage> out;
  private final Supplier<CompletionStage<@Nullable Void>> room;
  private final PreparedStatements statements;
  private final Map<String, Portal> portals = new HashMap<>();

  /** After an error of the extended protocol, until the client synchronises. */
  private boolean skipping;

  /**
   * A session that has not been told anything yet.
   *
   * @param commands as {@link Console#prepare} for this client
   * @param statements of this session, none yet
   * @param out who sends what is answered
   * @param room completes on the session's thread when the client takes more; not at all once it
   *     has left. Asked between the statements of a text
   */
  ConsoleSession(
      Function<String, ConsoleStatement> commands,
      DriverStatements driver,
      PreparedStatements statements,
      Executor thread,
      Consumer<ServerMessage> out,
      Supplier<CompletionStage<@Nullable Void>> room) {
    this.commands = requireNonNull(commands, "commands is null");
    this.driver = requireNonNull(driver, "driver is null");
    this.statements = requireNonNull(statements, "statements is null");
    this.thread = requireNonNull(thread, "thread is null");
    this.out = requireNonNull(out, "out is null");
    this.room = requireNonNull(room, "room is null");
  }

  /**
   * Answers one message. Completes on the session's thread; exceptionally only where something of
   * ours is broken.
   */
  CompletionStage<@Nullable Void> accept(FrontendMessage message) {
    if (skipping && message != FrontendMessage.Simple.SYNC && !(message instanceof Query)) {
      return DONE;
    }
    try {
      return switch (message) {
        case Query(String text) -> query(text);
        case Parse parse -> done(() -> parse(parse));
        case Bind bind -> done(() -> bind(bind));
        case Describe(Target target, String name) -> done(() -> describe(target, name));
        case Close(Target target, String name) -> done(() -> close(target, name));
        case Execute(String portal, int maxRows) -> execute(portal(portal), maxRows);
        case FrontendMessage.Simple.SYNC -> done(this::sync);
        case FrontendMessage.Simple.FLUSH, FrontendMessage.Simple.TERMINATE -> DONE;
      };
    } catch (ConsoleException e) {
      skipping = true;
      failed(e);
      return DONE;
    }
  }

  private static CompletionStage<@Nullable Void> done(Runnable action) {
    action.run();
    return DONE;
  }

  private CompletionStage<@Nullable Void> query(String text) {
    skipping = false;
    CompletableFuture<@Nullable Void> all = new CompletableFuture<>();
    try {
      List<String> texts = Statements.split(text);
      if (texts.isEmpty()) {
        out.accept(Acknowledgement.EMPTY_QUERY_RESPONSE);
      }
      runSimple(texts.iterator(), all);
    } catch (ConsoleException e) { // the text cannot be split
      all.completeExceptionally(e);
    }
    return all.handle((_, failure) -> {
      if (failure != null) {
        failed(consoleException(failure));
      }
      out.accept(new ReadyForQuery(driver.status()));
      return null;
    });
  }

  /** One after the other, until one fails. Throws nothing: {@code all} says how it ended. */
  private void runSimple(Iterator<String> texts, CompletableFuture<@Nullable Void> all) {
    try {
      while (texts.hasNext()) {
        CompletionStage<@Nullable Void> taken =
            runSimple(texts.next()).thenCompose(_ -> room.get());
        CompletableFuture<@Nullable Void> one = taken.toCompletableFuture();
        if (!one.isDone() || one.isCompletedExceptionally()) {
          var _ =
              one.whenComplete((_, failure) -> {
                if (failure != null) {
                  all.completeExceptionally(failure);
                } else {
                  runSimple(texts, all);
                }
              });
          return;
        }
      }
    } catch (RuntimeException e) {
      all.completeExceptionally(e);
      return;
    }
    all.complete(null);
  }

  private CompletionStage<@Nullable Void> runSimple(String text) {
    ConsoleStatement statement = prepare(text);
    Portal portal = new Portal(statement, Formats.text(statement.columns()));
    return run(portal)
        .thenApply(_ -> {
          portal.sendNotices(out);
          if (!statement.columns().isEmpty()) {
            out.accept(portal.formats().description());
          }
          portal.send(0, out);
          return null;
        });
  }

  /** Completes on the session's thread. */
  private CompletionStage<@Nullable Void> run(Portal portal) {
    CompletableFuture<ConsoleResult> running = portal.statement().execute();
    // What is there at once needs no other turn.
    CompletionStage<ConsoleResult> here =
        running.isDone() ? running : running.handleAsync(ConsoleSession::outcome, thread);
    return here.thenApply(result -> {
      portal.hasRun(result);
      return null;
    });
  }

  private static ConsoleResult outcome(
      @Nullable ConsoleResult result, @Nullable Throwable failure) {
    if (failure != null) {
      throw new CompletionException(failure);
    }
    return requireNonNull(result, "a statement completed with null");
  }

  private ConsoleStatement prepare(String text) {
    ConsoleStatement driven = driver.prepare(text);
    return driven == null ? commands.apply(text) : driven;
  }

  private void parse(Parse parse) {
    List<String> texts = Statements.split(parse.text());
    if (texts.size() > 1) {
      throw new ConsoleException(
          "42601", "cannot insert multiple commands into a prepared statement", null, null);
    }
    statements.requireRoomFor(parse.statement(), parse.text());
    ConsoleStatement statement =
        texts.isEmpty() ? EmptyStatement.INSTANCE : prepare(texts.getFirst());
    statements.put(parse.statement(), parse.text(), PreparedStatement.of(statement, parse.types()));
    out.accept(Acknowledgement.PARSE_COMPLETE);
  }

  private void bind(Bind bind) {
    PreparedStatement prepared = statements.get(bind.statement());
    ConsoleStatement statement = prepared.statement();
    if (bind.parameters() != prepared.types().size()) {
      throw new ConsoleException(
          "08P01",
          "bind message supplies "
              + bind.parameters()
              + " parameters, but prepared statement \""
              + bind.statement()
              + "\" requires "
              + prepared.types().size(),
          null,
          "Commands of the console take no parameters; write their values into the text.");
    }
    requireRoomFor(bind.portal());
    try {
      Formats formats = Formats.of(statement.columns(), bind.resultFormats());
      portals.put(bind.portal(), new Portal(statement, formats));
    } catch (ProtocolException e) {
      throw new ConsoleException(e.sqlState(), e.message(), e.detail(), null);
    }
    out.accept(Acknowledgement.BIND_COMPLETE);
  }

  private void describe(Target target, String name) {
    Formats formats =
        switch (target) {
          case STATEMENT -> {
            PreparedStatement prepared = statements.get(name);
            out.accept(new ParameterDescription(prepared.types()));
            yield Formats.text(prepared.statement().columns());
          }
          case PORTAL -> portal(name).formats();
        };
    out.accept(formats.columns().isEmpty() ? Acknowledgement.NO_DATA : formats.description());
  }

  private void close(Target target, String name) {
    switch (target) {
      case STATEMENT -> statements.remove(name);
      case PORTAL -> portals.remove(name);
    }
    out.accept(Acknowledgement.CLOSE_COMPLETE);
  }

  private CompletionStage<@Nullable Void> execute(Portal portal, int maxRows) {
    if (portal.statement() == EmptyStatement.INSTANCE) {
      return done(() -> out.accept(Acknowledgement.EMPTY_QUERY_RESPONSE));
    }
    CompletionStage<@Nullable Void> ready = portal.hasRun() ? DONE : run(portal);
    return ready.handle((_, failure) -> {
      if (failure == null) {
        portal.send(maxRows, out);
      } else {
        skipping = true;
        failed(consoleException(failure));
      }
      return null;
    });
  }

  private void sync() {
    skipping = false;
    if (driver.status() == TransactionStatus.IDLE) {
      portals.clear();
    }
    out.accept(new ReadyForQuery(driver.status()));
  }

  /** A portal holds its rows until the transaction ends. */
  private void requireRoomFor(String portal) {
    if (portal.length() > LONGEST_PORTAL_NAME) {
      throw new ConsoleException(
          "42622",
          "the name of a portal is too long",
          "It has " + portal.length() + " characters, " + LONGEST_PORTAL_NAME + " at most.",
          null);
    }
    if (portals.size() >= MOST_PORTALS && !portals.containsKey(portal)) {
      throw new ConsoleException(
          "53400",
          "too many portals",
          "A session of the console has " + MOST_PORTALS + " at most.",
          "Close those that are not needed any more, or end the transaction.");
    }
  }

  private Portal portal(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new ConsoleException("34000", "portal \"" + name + "\" does not exist", null, null);
    }
    return portal;
  }

  private void failed(ConsoleException e) {
    driver.failed();
    out.accept(e.response());
  }

  private static ConsoleException consoleException(Throwable failure) {
    Throwable cause = failure;
    // Each stage on another thread wraps it once more.
    while (cause instanceof CompletionException wrapped && wrapped.getCause() != null) {
      cause = wrapped.getCause();
    }
    if (cause instanceof ConsoleException e) {
      return e;
    }
    throw new IllegalStateException("a command of the console failed in an unforeseen way", cause);
  }
}
