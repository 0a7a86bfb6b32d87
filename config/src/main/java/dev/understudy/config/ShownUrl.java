package dev.understudy.config;

import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Connection strings of libpq as everybody may see them: without passwords. */
final class ShownUrl {
  private static final String HIDDEN = "***";

  /** What stands after the path may hold a password, too. */
  private static final Pattern URI =
      Pattern.compile("(postgres(?:ql)?://)(?:([^:/?#@]*)(?::[^@/]*)?@)?([^?#@]*)(?:[?#].*)?");

  private static final Pattern PARAMETER =
      Pattern.compile("\\s*(\\w+)\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|[^\\s'\\\\]+)(?=\\s|$)");

  private static final Set<String> SHOWN =
      Set.of("host", "hostaddr", "port", "user", "dbname", "sslmode");

  private ShownUrl() {}

  /** All of it is hidden where it is not certain what a part of it is. */
  static String of(Secret url) {
    String text = url.value();
    return text.startsWith("postgres://") || text.startsWith("postgresql://")
        ? uri(text)
        : parameters(text);
  }

  private static String uri(String text) {
    Matcher uri = URI.matcher(text);
    if (!uri.matches()) {
      return HIDDEN;
    }
    String user = uri.group(2) == null ? "" : uri.group(2) + "@";
    return uri.group(1) + user + uri.group(3);
  }

  private static String parameters(String text) {
    StringJoiner shown = new StringJoiner(" ");
    Matcher parameter = PARAMETER.matcher(text);
    int position = 0;
    while (position < text.length()) {
      parameter.region(position, text.length());
      if (!parameter.lookingAt()) {
        return text.substring(position).isBlank() ? shown.toString() : HIDDEN;
      }
      String name = parameter.group(1);
      if (SHOWN.contains(name.toLowerCase(Locale.ROOT))) {
        shown.add(name + "=" + parameter.group(2));
      }
      position = parameter.end();
    }
    return shown.toString();
  }
}
