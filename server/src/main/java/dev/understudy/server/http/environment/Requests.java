package dev.understudy.server.http.environment;

import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.server.http.Call;
import dev.understudy.server.operate.Label;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What bodies of requests hold. Null is what is left out. */
final class Requests {
  private Requests() {}

  /** To do something that needs no more words. */
  record Plain() {
    static final Plain EMPTY = new Plain();
  }

  /** To do something, whoever is in the middle of something. */
  record Forcible(@Nullable Boolean force) {
    static final Forcible EMPTY = new Forcible(null);

    boolean isForced() {
      return Boolean.TRUE.equals(force);
    }
  }

  /** To be kept for so much longer. */
  record Extension(@Nullable String by) {}

  /** To be had back, under another name. */
  record Undrop(@Nullable String as) {
    static final Undrop EMPTY = new Undrop(null);
  }

  /** To be called so. */
  record Relabelling(@Nullable String label) {
    @Nullable String checked() {
      return Label.checked(label);
    }
  }

  /**
   * To be made.
   *
   * @param from null: of what its policy says
   * @param fresh of a snapshot that is cut first
   */
  record Create(
      @Nullable String name, @Nullable From from, @Nullable Boolean fresh, @Nullable String label) {
    String requiredName() {
      if (name == null) {
        throw Call.invalid("\"name\" is missing");
      }
      return name;
    }

    boolean isFresh() {
      return Boolean.TRUE.equals(fresh);
    }

    @Nullable String checkedLabel() {
      return Label.checked(label);
    }

    CreateFrom origin() {
      return from == null ? new CreateFrom.Policy() : from.origin();
    }
  }

  /** One of the three. */
  record From(@Nullable String source, @Nullable String snapshot, @Nullable String environment) {
    CreateFrom origin() {
      if (Stream.of(source, snapshot, environment).filter(one -> one != null).count() != 1) {
        throw Call.invalid("\"from\" takes one of \"source\", \"snapshot\" and \"environment\"");
      }
      if (source != null) {
        return new CreateFrom.Source(source);
      }
      return snapshot != null
          ? new CreateFrom.Snapshot(snapshot)
          : new CreateFrom.Environment(String.valueOf(environment));
    }
  }
}
