package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Source;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.Console;
import dev.understudy.proxy.console.ConsoleClient;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.proxy.console.ConsoleStatement;
import dev.understudy.server.Version;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Reach;
import dev.understudy.server.operate.Reloaded;
import dev.understudy.server.operate.Snapshots;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.StorageReadings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The console's commands, fulfilled by the operations. */
public final class ConsoleCommands implements Console {
  private static final int MOST_CHARACTERS = 2_000;
  private static final String VIA = "console";

  private final Operations operations;
  private final DaemonOperations daemon;
  private final Views views;
  private final Predicate<String> isAdministrator;

  ConsoleCommands(
      Operations operations,
      DaemonOperations daemon,
      Views views,
      Predicate<String> isAdministrator) {
    this.operations = requireNonNull(operations, "operations is null");
    this.daemon = requireNonNull(daemon, "daemon is null");
    this.views = requireNonNull(views, "views is null");
    this.isAdministrator = requireNonNull(isAdministrator, "isAdministrator is null");
  }

  /**
   * Commands of one daemon.
   *
   * @param isAdministrator asked with a login, anew for each command
   */
  public static ConsoleCommands of(
      Cloner cloner,
      Operations operations,
      DaemonOperations daemon,
      UsageOperations usage,
      StorageReadings storage,
      Supplier<? extends Collection<Source>> sources,
      Predicate<String> isAdministrator) {
    return new ConsoleCommands(
        operations,
        daemon,
        new Views(
            new EnvironmentViews(cloner, operations, sources, InstantSource.system()),
            new SnapshotViews(
                new Snapshots(
                    () -> sources.get().stream().map(Source::name).toList(), cloner::snapshots)),
            new CloneViews(operations::environments, storage),
            new ClientViews(daemon),
            new StatisticsViews(daemon),
            new DatabaseViews(cloner, operations, daemon),
            new UsageViews(usage),
            Version.number()),
        isAdministrator);
  }

  @Override
  public ConsoleStatement prepare(String text, ConsoleClient client) {
    if (text.length() > MOST_CHARACTERS) {
      throw new ConsoleException(
          "54000",
          "command is too long",
          "It has " + text.length() + " characters; " + MOST_CHARACTERS + " are allowed.",
          null);
    }
    Command command = CommandParser.parse(text);
    return switch (command) {
      case Command.Show show -> views.of(show, actor(client));
      default -> new Operation(() -> run(command, actor(client)));
    };
  }

  private Actor actor(ConsoleClient client) {
    return new Actor(
        client.login(),
        client.role(),
        isAdministrator.test(client.login()),
        VIA,
        client.address().toString(),
        Reach.ALL,
        client.origin());
  }

  private CompletableFuture<ConsoleResult> run(Command command, Actor actor) {
    return switch (command) {
      case Command.Show _ -> throw new IllegalArgumentException("shown, not run");
      case Command.Create c ->
          tagged(
              "CREATE ENVIRONMENT", operations.create(actor, c.environment(), c.from(), c.fresh()));
      case Command.Change c -> tagged(c.verb() + " ENVIRONMENT", change(c, actor));
      case Command.Extend(var name, var by) ->
          tagged("EXTEND ENVIRONMENT", operations.extend(actor, name, by));
      case Command.Comment(var name, var text) ->
          tagged("COMMENT", operations.label(actor, name, text));
      case Command.Drop(var name, var ifExists) ->
          tagged("DROP ENVIRONMENT", operations.drop(actor, name, ifExists));
      case Command.Undrop(var name, var as) ->
          tagged("UNDROP ENVIRONMENT", operations.undrop(actor, name, as));
      case Command.CutSnapshot(var source) ->
          tagged("SNAPSHOT SOURCE", operations.cutSnapshot(actor, source));
      case Command.Reload _ -> daemon.reload(actor).thenApply(ConsoleCommands::reloaded);
      case Command.KillClient(var id) -> tagged("KILL_CLIENT", daemon.killClient(actor, id));
      case Command.Shutdown(var mode) -> tagged("SHUTDOWN", daemon.shutdown(actor, mode));
    };
  }

  private CompletableFuture<Void> change(Command.Change change, Actor actor) {
    String name = change.environment();
    return switch (change.verb()) {
      case REFRESH -> operations.refresh(actor, name, change.force());
      case RESET -> operations.reset(actor, name, change.force());
      case SUSPEND -> operations.suspend(actor, name, change.force());
      case RESUME -> operations.resume(actor, name);
      case PROTECT -> operations.guard(actor, name, true);
      case UNPROTECT -> operations.guard(actor, name, false);
    };
  }

  private static CompletableFuture<ConsoleResult> tagged(String tag, CompletableFuture<?> done) {
    return done.thenApply(_ -> ConsoleResult.done(tag));
  }

  private static ConsoleResult reloaded(Reloaded reloaded) {
    List<String> notices = new ArrayList<>();
    reloaded.waiting().forEach(key -> notices.add(key + " cannot be changed without a restart"));
    reloaded.warnings().forEach(warning -> notices.add(warning.toString()));
    return ConsoleResult.done("RELOAD", notices);
  }

  /**
   * A command that does something and shows nothing.
   *
   * @param run does it
   */
  private record Operation(Supplier<CompletableFuture<ConsoleResult>> run)
      implements ConsoleStatement {
    @Override
    public List<Column> columns() {
      return List.of();
    }

    @Override
    public CompletableFuture<ConsoleResult> execute() {
      return run.get()
          .handle((result, failure) -> {
            if (failure == null) {
              return result;
            }
            throw translate(failure);
          });
    }

    private static RuntimeException translate(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : failure;
      return cause instanceof OperationException e
          ? View.refused(e)
          : new IllegalStateException(cause);
    }
  }
}
