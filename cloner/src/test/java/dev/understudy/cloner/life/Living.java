package dev.understudy.cloner.life;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An environment that exists.
 *
 * @param used when a client last did something, in own time
 * @param created by the wall clock
 * @param kept by the wall clock, nothing automatic removes it before; null: no such time was set
 * @param guarded nothing automatic removes it, and no token replaces its data
 * @param tokens for which it has begun anew
 */
record Living(
    Content content,
    Span used,
    Duration created,
    @Nullable Duration kept,
    boolean guarded,
    SortedSet<String> tokens) {
  Living {
    tokens = Collections.unmodifiableSortedSet(new TreeSet<>(tokens));
  }

  /** One that is made at that time. */
  static Living made(Content content, ModelTime time) {
    return new Living(content, Span.at(time.own()), time.wall(), null, false, new TreeSet<>());
  }

  Living with(Content other) {
    return new Living(other, used, created, kept, guarded, tokens);
  }

  Living used(Span when) {
    return new Living(content, when, created, kept, guarded, tokens);
  }

  Living kept(Duration until) {
    return new Living(content, used, created, until, guarded, tokens);
  }

  Living guarded(boolean on) {
    return new Living(content, used, created, kept, on, tokens);
  }

  Living freshFor(String token) {
    SortedSet<String> all = new TreeSet<>(tokens);
    all.add(token);
    return new Living(content, used, created, kept, guarded, all);
  }

  /** When it expires under that name, by the wall clock; null: never. */
  @Nullable Duration expires(String name) {
    return guarded || !LifeSettings.expires(name)
        ? null
        : notBeforeKept(created.plus(LifeSettings.EXPIRES));
  }

  Duration notBeforeKept(Duration end) {
    return kept == null || kept.compareTo(end) < 0 ? end : kept;
  }
}
