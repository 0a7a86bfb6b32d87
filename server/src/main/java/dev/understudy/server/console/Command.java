package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.server.operate.ShutdownMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A command, as it was read. Names are folded as they were written: not checked yet. */
sealed interface Command {
  /** What can be shown. */
  enum Subject {
    ENVIRONMENTS("environments that you may steer"),
    CLONES("their clones, and the bytes that each has for itself and shares"),
    SNAPSHOTS("snapshots that environments can be made of"),
    FINDINGS("what was found in snapshots, or in one, and what became of it"),
    SOURCES("sources, and how far each is behind production"),
    TRASH("what UNDROP brings back"),
    CLIENTS("open sessions, those of the console too"),
    SERVERS("their connections to clones' servers"),
    POOLS("sessions by database and user"),
    DATABASES("databases of environments that can be connected to"),
    STATS("what has passed, by database, and the averages of the last minute"),
    STATS_TOTALS("the totals of STATS"),
    STATS_AVERAGES("the averages of STATS"),
    TOTALS("STATS of all databases together"),
    USAGE("what your environments have used, by day, role and pattern, of the last thirty days"),
    LISTS("how many there are of what"),
    USERS("users of the settings, and their sessions"),
    CONFIG("the settings, without secrets"),
    VERSION("the version of Understudy"),
    HELP("this list");

    private final String description;

    Subject(String description) {
      this.description = description;
    }

    /** With what may follow. */
    String form() {
      return "SHOW " + name() + (this == FINDINGS ? " [snapshot]" : "");
    }

    String description() {
      return description;
    }
  }

  /** What is done to one environment, and needs no more words. */
  enum Verb {
    REFRESH,
    RESET,
    SUSPEND,
    RESUME,
    PROTECT,
    UNPROTECT;

    /** Whether the word FORCE may follow. */
    boolean canBeForced() {
      return this == REFRESH || this == RESET || this == SUSPEND;
    }
  }

  /**
   * {@code SHOW ...}.
   *
   * @param snapshot whose findings are wanted; null: those of all
   */
  record Show(Subject subject, @Nullable String snapshot) implements Command {
    public Show {
      requireNonNull(subject, "subject is null");
    }

    Show(Subject subject) {
      this(subject, null);
    }
  }

  /** {@code CREATE ENVIRONMENT ...}. */
  record Create(String environment, CreateFrom from, boolean fresh) implements Command {
    public Create {
      requireNonNull(environment, "environment is null");
      requireNonNull(from, "from is null");
    }
  }

  /** {@code REFRESH ENVIRONMENT ...} and its like. */
  record Change(Verb verb, String environment, boolean force) implements Command {
    public Change {
      requireNonNull(verb, "verb is null");
      requireNonNull(environment, "environment is null");
    }
  }

  /** {@code EXTEND ENVIRONMENT ... BY ...}. */
  record Extend(String environment, Duration by) implements Command {
    public Extend {
      requireNonNull(environment, "environment is null");
      requireNonNull(by, "by is null");
    }
  }

  /**
   * {@code COMMENT ON ENVIRONMENT ... IS ...}.
   *
   * @param text null: it is removed
   */
  record Comment(String environment, @Nullable String text) implements Command {
    public Comment {
      requireNonNull(environment, "environment is null");
    }
  }

  /** {@code DROP ENVIRONMENT ...}. */
  record Drop(String environment, boolean ifExists) implements Command {
    public Drop {
      requireNonNull(environment, "environment is null");
    }
  }

  /** {@code UNDROP ENVIRONMENT ...}. */
  record Undrop(String environment, String as) implements Command {
    public Undrop {
      requireNonNull(environment, "environment is null");
      requireNonNull(as, "as is null");
    }
  }

  /** {@code RELOAD}. */
  record Reload() implements Command {}

  /** {@code KILL_CLIENT ...}. */
  record KillClient(long id) implements Command {}

  /** {@code SHUTDOWN ...}. */
  record Shutdown(ShutdownMode mode) implements Command {
    public Shutdown {
      requireNonNull(mode, "mode is null");
    }
  }

  /** {@code SNAPSHOT SOURCE ...}. */
  record CutSnapshot(String source) implements Command {
    public CutSnapshot {
      requireNonNull(source, "source is null");
    }
  }
}
