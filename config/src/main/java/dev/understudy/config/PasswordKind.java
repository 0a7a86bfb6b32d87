package dev.understudy.config;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a password is written down. */
enum PasswordKind {
  SCRAM,
  /** Begins as a SCRAM verifier but is none: PostgreSQL would take it for plain text. */
  MALFORMED_SCRAM,
  MD5,
  PLAIN;

  private static final String SCRAM_PREFIX = "SCRAM-SHA-256$";
  private static final Pattern SCRAM_FORM =
      Pattern.compile("SCRAM-SHA-256\\$([1-9]\\d{0,8}):([^$:]+)\\$([^$:]+):([^$:]+)");
  private static final Pattern MD5_FORM = Pattern.compile("md5[0-9a-f]{32}");
  private static final int SHA_256_BYTES = 32;

  static PasswordKind of(String password) {
    if (password.startsWith(SCRAM_PREFIX)) {
      return isScram(password) ? SCRAM : MALFORMED_SCRAM;
    }
    return MD5_FORM.matcher(password).matches() ? MD5 : PLAIN;
  }

  private static boolean isScram(String password) {
    Matcher form = SCRAM_FORM.matcher(password);
    try {
      return form.matches()
          && Base64.getDecoder().decode(form.group(2)).length > 0
          && Base64.getDecoder().decode(form.group(3)).length == SHA_256_BYTES
          && Base64.getDecoder().decode(form.group(4)).length == SHA_256_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
