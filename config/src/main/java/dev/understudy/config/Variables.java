package dev.understudy.config;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds {@code ${NAME}} among environment variables, once the file itself has no such key. */
final class Variables implements ConfigResolver {
  /** The origin of a value that came from a variable and is not written in the file. */
  static final String ORIGIN = "environment variable";

  private final Map<String, String> variables;

  Variables(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  // The library means null by "not found" but does not say so in its types.
  @SuppressWarnings("NullAway")
  @Override
  public @Nullable ConfigValue lookup(String path) {
    String value = variables.get(path);
    return value == null ? null : ConfigValueFactory.fromAnyRef(value, ORIGIN);
  }

  @Override
  public ConfigResolver withFallback(ConfigResolver fallback) {
    return this;
  }
}
