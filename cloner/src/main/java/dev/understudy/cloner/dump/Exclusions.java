package dev.understudy.cloner.dump;

import dev.understudy.config.SourceType;
import java.util.List;
import java.util.Set;

/** What of a source is left out: what its provider owns, and what the settings name. */
final class Exclusions {
  private final SourceType.Dump settings;
  private final List<Provider> providers;

  /**
   * @param roles all that the source has
   */
  Exclusions(SourceType.Dump settings, Set<String> roles) {
    this.settings = settings;
    this.providers = Provider.of(roles).toList();
  }

  boolean isRole(String name) {
    return settings.excludedRoles().contains(name)
        || providers.stream().anyMatch(provider -> provider.ownsRole(name));
  }

  boolean isDatabase(String name) {
    return providers.stream().anyMatch(provider -> provider.ownsDatabase(name));
  }

  /**
   * @param available whether it is installed here
   */
  boolean isExtension(String name, boolean available) {
    return settings.excludedExtensions().contains(name)
        || (!available && providers.stream().anyMatch(provider -> provider.ownsExtension(name)));
  }
}
