package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Access;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Resources;
import java.util.LinkedHashMap;
import java.util.Map;

/** On what terms a clone's server runs. They hold until its next start, which may have others. */
public record Terms(Access access, Resources resources) {
  public static final Terms NONE = new Terms(Access.READ_WRITE, Resources.UNLIMITED);

  private static final int KIBIBYTE = 1024;

  public Terms {
    requireNonNull(access, "access is null");
    requireNonNull(resources, "resources is null");
  }

  public static Terms of(EnvironmentPolicy policy) {
    return new Terms(policy.access(), policy.resources());
  }

  /** The same, for who prepares the data. */
  public Terms writable() {
    return new Terms(Access.READ_WRITE, resources);
  }

  boolean isReadOnly() {
    return access == Access.READ_ONLY;
  }

  /** Settings of the server that no file of the clone and no {@code ALTER SYSTEM} changes. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    Long temporary = resources.temporaryFileBytes();
    if (temporary != null) {
      settings.put("temp_file_limit", temporary / KIBIBYTE + "kB");
    }
    if (isReadOnly()) {
      settings.put("hot_standby", "on");
      // There is never anything to fetch.
      settings.put("wal_retrieve_retry_interval", "1h");
      // A promotion runs this at its end and takes such a status for its own end.
      settings.put("recovery_end_command", "exit 126");
    }
    return settings;
  }
}
