package dev.understudy.config;

import com.typesafe.config.ConfigUtil;

/** Writes what {@link SettingsFile} reads. */
public final class Hocon {
  private Hocon() {}

  /** A text as a value or a key, whatever is in it. */
  public static String quote(String text) {
    return ConfigUtil.quoteString(text);
  }
}
