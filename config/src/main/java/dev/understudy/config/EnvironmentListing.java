package dev.understudy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of each pattern of environments, for people. */
final class EnvironmentListing {
  private static final String NEVER = "never";
  private static final String UNLIMITED = "unlimited";

  private final SettingsListing listing;

  EnvironmentListing(SettingsListing listing) {
    this.listing = listing;
  }

  void add(EnvironmentPolicy policy) {
    listing.add(key(policy, "source"), policy.source(), null);
    listing.add(key(policy, "database"), policy.database(), null);
    Lifetime lifetime = policy.lifetime();
    listing.add(key(policy, "suspend-after"), duration(lifetime.suspendAfter()), "10m");
    listing.add(key(policy, "drop-after"), duration(lifetime.dropAfter()), "3d");
    listing.add(key(policy, "expires"), duration(lifetime.expires()), NEVER);
    RefreshPolicy refresh = policy.refresh();
    listing.add(key(policy, "refresh"), trigger(refresh.trigger()), NEVER);
    listing.add(
        key(policy, "refresh-grace"),
        duration(refresh.grace()),
        duration(RefreshPolicy.DEFAULT_GRACE));
    listing.add(
        key(policy, "refresh-skips"), refresh.mostSkips(), RefreshPolicy.DEFAULT_MOST_SKIPS);
    listing.add(
        key(policy, "access"),
        SettingsListing.word(policy.access()),
        SettingsListing.word(Access.READ_WRITE));
    Quota quota = policy.quota();
    listing.add(key(policy, "limit"), SettingsListing.limit(quota.environments()), UNLIMITED);
    listing.add(key(policy, "limit-per-role"), SettingsListing.limit(quota.perRole()), UNLIMITED);
    resources(policy, policy.resources());
    hooks(policy, policy.hooks());
  }

  private static String key(EnvironmentPolicy policy, String... elements) {
    List<String> path = new ArrayList<>(List.of("environments", policy.pattern().toString()));
    path.addAll(List.of(elements));
    return SettingsListing.path(path.toArray(String[]::new));
  }

  private static String duration(@Nullable Duration duration) {
    return duration == null ? NEVER : DurationText.print(duration);
  }

  private static String trigger(RefreshPolicy.Trigger trigger) {
    return switch (trigger) {
      case RefreshPolicy.Trigger.Never _ -> NEVER;
      case RefreshPolicy.Trigger.AfterSnapshot _ -> "after-snapshot";
      case RefreshPolicy.Trigger.Scheduled(Schedule schedule) -> schedule.expression();
    };
  }

  private void resources(EnvironmentPolicy policy, Resources resources) {
    listing.add(key(policy, "memory"), size(resources.memoryBytes(), UNLIMITED), UNLIMITED);
    listing.add(
        key(policy, "cpu-weight"),
        resources.cpuWeight() == null ? "100" : resources.cpuWeight(),
        "100");
    listing.add(
        key(policy, "processes"),
        resources.processes() == null ? UNLIMITED : resources.processes(),
        UNLIMITED);
    listing.add(key(policy, "temp-file-limit"), size(resources.temporaryFileBytes(), null), null);
    listing.add(key(policy, "private-limit"), size(resources.privateBytes(), UNLIMITED), UNLIMITED);
  }

  private static @Nullable String size(@Nullable Long bytes, @Nullable String otherwise) {
    return bytes == null ? otherwise : SettingsListing.size(bytes);
  }

  private void hooks(EnvironmentPolicy policy, Hooks hooks) {
    listing.add(
        key(policy, "hooks", "timeout"),
        duration(hooks.timeout()),
        duration(Hooks.DEFAULT_TIMEOUT));
    for (int i = 0; i < hooks.afterCreate().size(); i++) {
      hook(policy, Integer.toString(i + 1), hooks.afterCreate().get(i));
    }
  }

  /** What follows the program may be a secret. */
  private void hook(EnvironmentPolicy policy, String number, Hook hook) {
    switch (hook) {
      case Hook.Script script ->
          listing.add(key(policy, "hooks", "after-create", number, "sql"), script.file(), null);
      case Hook.Command command -> {
        String program = command.words().getFirst();
        listing.add(
            key(policy, "hooks", "after-create", number, "command"),
            command.words().size() == 1
                ? "[" + program + "]"
                : "[" + program + ", " + SettingsListing.HIDDEN + "]",
            null);
        listing.add(
            key(policy, "hooks", "after-create", number, "directory"), command.directory(), null);
      }
    }
    listing.add(key(policy, "hooks", "after-create", number, "database"), hook.database(), null);
  }
}
