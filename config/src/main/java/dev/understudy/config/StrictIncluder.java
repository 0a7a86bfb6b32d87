package dev.understudy.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import java.io.File;

/**
 * An {@code include} whose file is missing fails; in plain HOCON it would be skipped silently, and
 * with it whatever it was to restrict.
 */
final class StrictIncluder implements ConfigIncluder, ConfigIncluderFile {
  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable included = context.relativeTo(what);
    if (included == null) {
      throw missing(what);
    }
    try {
      return included.parse(context.parseOptions().setAllowMissing(false));
    } catch (ConfigException.IO e) {
      throw missing(what);
    }
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    try {
      return ConfigFactory.parseFile(what, context.parseOptions().setAllowMissing(false)).root();
    } catch (ConfigException.IO e) {
      throw missing(what.getPath());
    }
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  private static ConfigException missing(String what) {
    return new ConfigException.Generic(
        "include \"" + what + "\": there is no such file, or it cannot be read");
  }
}
