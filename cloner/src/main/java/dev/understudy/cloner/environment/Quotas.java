package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Quota;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How many environments of a pattern, of a role, and in total may exist. */
final class Quotas {
  private final Supplier<Limits> settings;
  private final Policies policies;

  Quotas(Supplier<Limits> settings, Policies policies) {
    this.settings = requireNonNull(settings, "settings is null");
    this.policies = requireNonNull(policies, "policies is null");
  }

  /**
   * One that exists or is being made.
   *
   * @param owner null: nobody's, and no limit on roles is for it
   */
  record Member(String name, @Nullable String owner) {
    Member {
      requireNonNull(name, "name is null");
    }
  }

  /** Fails if one more would be too many. */
  void require(Member newcomer, Collection<Member> members) throws EnvironmentUnavailable {
    Limits limits = settings.get();
    if (members.size() >= limits.environments()) {
      throw Refusals.tooMany(newcomer.name(), limits.environments());
    }
    String owner = newcomer.owner();
    if (owner != null && isReached(limits.perRole(), members, ofOwner(owner))) {
      throw Refusals.tooManyOf(newcomer, limits.perRole(), "limits.per-role");
    }
    Optional<EnvironmentPolicy> policy = policies.of(newcomer.name());
    if (policy.isPresent()) {
      requireOfPattern(newcomer, policy.get(), members);
    }
  }

  private void requireOfPattern(
      Member newcomer, EnvironmentPolicy policy, Collection<Member> members)
      throws EnvironmentUnavailable {
    Quota quota = policy.quota();
    NamePattern pattern = policy.pattern();
    Predicate<Member> alike =
        member ->
            policies.of(member.name()).map(EnvironmentPolicy::pattern).equals(Optional.of(pattern));
    String key = "environments.\"%s\".limit".formatted(pattern);
    if (isReached(quota.environments(), members, alike)) {
      throw Refusals.tooManyAlike(newcomer.name(), pattern.toString(), quota.environments(), key);
    }
    String owner = newcomer.owner();
    if (owner != null && isReached(quota.perRole(), members, alike.and(ofOwner(owner)))) {
      throw Refusals.tooManyOf(newcomer, quota.perRole(), key + "-per-role");
    }
  }

  private static Predicate<Member> ofOwner(String owner) {
    return member -> owner.equals(member.owner());
  }

  private static boolean isReached(
      int limit, Collection<Member> members, Predicate<Member> counted) {
    return limit != Integer.MAX_VALUE && members.stream().filter(counted).count() >= limit;
  }
}
