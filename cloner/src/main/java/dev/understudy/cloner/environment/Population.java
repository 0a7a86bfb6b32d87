package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.Quotas.Member;
import dev.understudy.config.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The environments that exist, and how many of them may. Never more exist than the limits say; at
 * the limit one less may be, while one is being made. Thread-safe.
 */
final class Population {
  private final Supplier<Limits> limits;
  private final Quotas quotas;
  private final Set<Environment> existing = new HashSet<>();
  private final List<Member> coming = new ArrayList<>();

  /**
   * Nobody yet.
   *
   * @param limits those of now
   */
  Population(Supplier<Limits> limits, Policies policies) {
    this.limits = requireNonNull(limits, "limits is null");
    this.quotas = new Quotas(limits, policies);
  }

  synchronized void add(Environment environment) {
    existing.add(environment);
  }

  synchronized void remove(Environment environment) {
    existing.remove(environment);
  }

  /** Those that exist. */
  synchronized List<Environment> existing() {
    return List.copyOf(existing);
  }

  /** As many as may exist do, or are about to. */
  synchronized boolean isFull() {
    return existing.size() + coming.size() >= limits.get().environments();
  }

  /**
   * Room for one that is about to exist. One that exists takes none.
   *
   * @param owner role that it is made for; null: nobody's
   */
  synchronized Place enter(Environment environment, @Nullable String owner)
      throws EnvironmentUnavailable {
    if (environment.pointer() != null) {
      return () -> {};
    }
    Member newcomer = new Member(environment.name(), owner);
    quotas.require(newcomer, members());
    coming.add(newcomer);
    return () -> leave(newcomer);
  }

  /**
   * Why one that does not exist may not do so now, either; empty if it may, or is about to.
   *
   * @param owner role that it would be made for; null: nobody's
   */
  synchronized Optional<EnvironmentUnavailable> refusal(String name, @Nullable String owner) {
    if (coming.stream().anyMatch(member -> member.name().equals(name))) {
      return Optional.empty();
    }
    try {
      quotas.require(new Member(name, owner), members());
      return Optional.empty();
    } catch (EnvironmentUnavailable e) {
      return Optional.of(e);
    }
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>(coming);
    for (Environment environment : existing) {
      Pointer pointer = environment.pointer();
      members.add(
          new Member(environment.name(), pointer == null ? null : pointer.record().owner()));
    }
    return members;
  }

  private synchronized void leave(Member newcomer) {
    coming.remove(newcomer);
  }
}
