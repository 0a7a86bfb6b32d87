package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The environments that names stand for: those that exist, those that somebody asks for, and those
 * whose record cannot be read. Thread-safe.
 */
final class EnvironmentRegistry {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");

  private final EnvironmentHost host;
  private final Map<String, Environment> known = new ConcurrentHashMap<>();
  private final Map<String, String> unreadable = new ConcurrentHashMap<>();

  EnvironmentRegistry(EnvironmentHost host) {
    this.host = requireNonNull(host, "host is null");
  }

  static void requireValid(@Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of an environment: " + name);
    }
  }

  /**
   * Takes up what an earlier daemon left. Blocks; called once, before anything else.
   *
   * @return as {@link Restored#complete}
   */
  boolean restore() throws IOException {
    Restored restored = new Restoration(host).restore();
    unreadable.putAll(restored.unreadable());
    for (Pointer pointer : restored.pointers()) {
      named(pointer.record().name()).restore(pointer);
    }
    return restored.complete();
  }

  /** Why the record of that name cannot be read; empty if it can, or if there is none. */
  Optional<String> damage(String name) {
    return Optional.ofNullable(unreadable.get(name));
  }

  /**
   * Removes a record that cannot be read. The clone that it may have named stays. Blocks.
   *
   * @return false if another has removed it: what has that name now is somebody's
   */
  synchronized boolean deleteUnreadable(String name) throws IOException {
    if (!unreadable.containsKey(name)) {
      return false;
    }
    host.store().delete(name);
    unreadable.remove(name);
    return true;
  }

  private Environment named(String name) {
    return known.computeIfAbsent(
        name, key -> new Environment(key, host, retired -> known.remove(key, retired)));
  }

  /**
   * Asks whatever stands for a name, which need not exist.
   *
   * @param question answers null if the environment's object is retired
   */
  <T> CompletableFuture<T> ask(
      String name, Function<Environment, @Nullable CompletableFuture<T>> question) {
    while (true) {
      Environment environment = named(name);
      CompletableFuture<T> answer = question.apply(environment);
      if (answer != null) {
        return answer;
      }
      known.remove(name, environment);
    }
  }

  /** The environment of that name, if it exists. */
  Optional<Environment> existing(String name) {
    return Optional.ofNullable(known.get(name))
        .filter(environment -> environment.pointer() != null);
  }

  /** Whether somebody asks for the environment of that name, which does not exist. */
  boolean isComing(String name) {
    Environment environment = known.get(name);
    return environment != null && environment.pointer() == null;
  }

  /** All that names stand for, those that do not exist yet or no more too. */
  Stream<Environment> all() {
    return known.values().stream();
  }
}
