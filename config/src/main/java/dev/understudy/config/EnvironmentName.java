package dev.understudy.config;

import java.util.regex.Pattern;

/** The grammar that names of environments and of sources share. */
public final class EnvironmentName {
  /** For messages: "has ...". */
  public static final String GRAMMAR =
      "1 to 63 characters of a-z, 0-9, '-' and '_', the first and the last a letter or a digit";

  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");

  private EnvironmentName() {}

  public static boolean isValid(String name) {
    return FORM.matcher(name).matches();
  }
}
