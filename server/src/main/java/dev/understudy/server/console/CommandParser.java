package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.server.console.Command.Subject;
import dev.understudy.server.console.Command.Verb;
import dev.understudy.server.operate.Interval;
import dev.understudy.server.operate.Label;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.ShutdownMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads commands. Pure. */
final class CommandParser {
  private static final Set<String> SQL =
      Set.of("SELECT", "WITH", "TABLE", "VALUES", "INSERT", "UPDATE", "DELETE", "COPY", "EXPLAIN");

  private final Words words;

  private CommandParser(Words words) {
    this.words = words;
  }

  /**
   * Reads one.
   *
   * @throws ConsoleException with 42601 if it is none, or what every way refuses of its values
   */
  static Command parse(String statement) {
    try {
      return new CommandParser(new Words(statement)).parse();
    } catch (OperationException e) {
      throw View.refused(e);
    }
  }

  private Command parse() {
    if (words.accept("SHOW")) {
      return show();
    }
    String first = words.peek();
    Grammar form = form(first);
    if (form == null) {
      throw unknown(first);
    }
    words.expect(form.name(), form);
    Command command =
        switch (form) {
          case CREATE -> create();
          case REFRESH -> change(Verb.REFRESH, form);
          case RESET -> change(Verb.RESET, form);
          case SUSPEND -> change(Verb.SUSPEND, form);
          case RESUME -> change(Verb.RESUME, form);
          case PROTECT -> change(Verb.PROTECT, form);
          case UNPROTECT -> change(Verb.UNPROTECT, form);
          case EXTEND -> extend();
          case COMMENT -> comment();
          case DROP -> drop();
          case UNDROP -> undrop();
          case SNAPSHOT -> cutSnapshot();
          case RELOAD -> new Command.Reload();
          case KILL_CLIENT -> new Command.KillClient(words.number(Grammar.KILL_CLIENT));
          case SHUTDOWN -> shutdown();
        };
    words.end(form);
    return command;
  }

  private static @Nullable Grammar form(@Nullable String word) {
    return Arrays.stream(Grammar.values())
        .filter(form -> form.name().equalsIgnoreCase(word))
        .findFirst()
        .orElse(null);
  }

  private static ConsoleException unknown(@Nullable String word) {
    boolean isSql = word != null && SQL.contains(word.toUpperCase(Locale.ROOT));
    return isSql
        ? new ConsoleException(
            "0A000",
            "the console runs no SQL",
            null,
            "SHOW HELP lists its commands; for SQL connect to an environment.")
        : Words.syntaxError(word, word == null ? null : hint(word.toUpperCase(Locale.ROOT)));
  }

  /** For who knows another console. */
  private static @Nullable String hint(String word) {
    return switch (word) {
      case "KILL" -> "SHOW CLIENTS lists sessions; KILL_CLIENT id ends one.";
      case "PAUSE", "DISABLE" -> "SUSPEND ENVIRONMENT name puts an environment to sleep.";
      case "ENABLE" -> "Environments wake when somebody connects; RESUME ENVIRONMENT does it too.";
      case "RECONNECT", "WAIT_CLOSE" ->
          "Sessions have a server each, for as long as they last: there is no pool to renew.";
      case "HELP", "?" -> "SHOW HELP lists the commands.";
      case "ALTER", "GRANT", "REVOKE", "TRUNCATE", "VACUUM", "ANALYZE" ->
          "The console runs no SQL; connect to an environment for that. SHOW HELP lists the"
              + " commands.";
      default -> null;
    };
  }

  private Command show() {
    String word = words.peek();
    Subject subject =
        Arrays.stream(Subject.values())
            .filter(known -> words.accept(known.name()))
            .findFirst()
            .orElseThrow(() -> Words.syntaxError(word, subjects()));
    String snapshot =
        subject == Subject.FINDINGS && words.peek() != null ? words.name(subject.form()) : null;
    if (words.peek() != null) {
      throw Words.syntaxError(words.peek(), subjects());
    }
    return new Command.Show(subject, snapshot);
  }

  private static String subjects() {
    return Arrays.stream(Subject.values())
        .map(Enum::name)
        .collect(Collectors.joining(", ", "The form is: SHOW followed by one of ", ""));
  }

  private Command create() {
    String name = environment(Grammar.CREATE);
    CreateFrom from = new CreateFrom.Policy();
    if (words.accept("FROM")) {
      if (words.accept("SOURCE")) {
        from = new CreateFrom.Source(words.name(Grammar.CREATE));
      } else if (words.accept("SNAPSHOT")) {
        from = new CreateFrom.Snapshot(words.name(Grammar.CREATE));
      } else {
        words.expect("ENVIRONMENT", Grammar.CREATE);
        from = new CreateFrom.Environment(words.name(Grammar.CREATE));
      }
    }
    return new Command.Create(name, from, words.accept("FRESH"));
  }

  private String environment(Grammar form) {
    words.expect("ENVIRONMENT", form);
    return words.name(form);
  }

  private Command change(Verb verb, Grammar form) {
    String name = environment(form);
    return new Command.Change(verb, name, verb.canBeForced() && words.accept("FORCE"));
  }

  private Command extend() {
    String name = environment(Grammar.EXTEND);
    words.expect("BY", Grammar.EXTEND);
    return new Command.Extend(name, Interval.parse(words.text(Grammar.EXTEND)));
  }

  private Command comment() {
    words.expect("ON", Grammar.COMMENT);
    String name = environment(Grammar.COMMENT);
    words.expect("IS", Grammar.COMMENT);
    String text = words.accept("NULL") ? null : words.text(Grammar.COMMENT);
    return new Command.Comment(name, Label.checked(text));
  }

  private Command drop() {
    words.expect("ENVIRONMENT", Grammar.DROP);
    boolean ifExists = words.accept("IF");
    if (ifExists) {
      words.expect("EXISTS", Grammar.DROP);
    }
    return new Command.Drop(words.name(Grammar.DROP), ifExists);
  }

  private Command undrop() {
    String name = environment(Grammar.UNDROP);
    String as = words.accept("AS") ? words.name(Grammar.UNDROP) : name;
    return new Command.Undrop(name, requireNonNull(as));
  }

  private Command shutdown() {
    if (words.accept("IMMEDIATE")) {
      return new Command.Shutdown(ShutdownMode.IMMEDIATE);
    }
    if (words.accept("WAIT_FOR_CLIENTS")) {
      return new Command.Shutdown(ShutdownMode.WAIT_FOR_CLIENTS);
    }
    boolean _ = words.accept("WAIT_FOR_SERVERS");
    return new Command.Shutdown(ShutdownMode.DRAIN);
  }

  private Command cutSnapshot() {
    words.expect("SOURCE", Grammar.SNAPSHOT);
    return new Command.CutSnapshot(words.name(Grammar.SNAPSHOT));
  }
}
