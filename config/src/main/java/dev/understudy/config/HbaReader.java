package dev.understudy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code listen.hba}. */
final class HbaReader {
  private static final String KEY = "hba";

  /** What would be taken for a name, and means more than a name in {@code pg_hba.conf}. */
  private static final Pattern ONLY_IN_PG_HBA =
      Pattern.compile("sameuser|samerole|samegroup|samehost|samenet|[+/@].*");

  private final Section listen;
  private final List<Section> sections;

  HbaReader(Section listen) {
    this.listen = listen;
    this.sections = listen.sections(KEY);
  }

  /** Null: everybody may connect who can authenticate. */
  @Nullable List<HbaRule> read() {
    if (!listen.has(KEY)) {
      return null;
    }
    if (sections.isEmpty()) {
      listen.warning(KEY, "has no rule, so that nobody can connect; without the key everybody can");
    }
    List<HbaRule> rules = new ArrayList<>();
    for (Section section : sections) {
      rules.add(rule(section));
      section.refuseUnknown();
    }
    return rules;
  }

  /** Tells which rules are of no use, as far as all settings together show it. */
  void warn(Settings settings) {
    List<HbaRule> rules = settings.listen().admission().hba();
    if (rules != null) {
      new UselessRules(settings, rules).warn(sections);
    }
  }

  private static HbaRule rule(Section section) {
    return new HbaRule(
        section.choice(
            "type",
            Map.of(
                "host", HbaRule.Type.HOST,
                "hostssl", HbaRule.Type.HOSTSSL,
                "hostnossl", HbaRule.Type.HOSTNOSSL),
            HbaRule.Type.HOST),
        list(section, "database", NameGlob::new),
        list(section, "user", NameGlob::new),
        list(section, "environment", HbaReader::environment),
        list(section, "address", AddressBlock::parse),
        method(section));
  }

  /** Written out in each rule, as a password's method is in {@code pg_hba.conf}. */
  private static HbaRule.Method method(Section section) {
    if (!section.has("method")) {
      section.error("method", "is missing; write method = allow or method = reject");
    }
    return section.choice(
        "method",
        Map.of("allow", HbaRule.Method.ALLOW, "reject", HbaRule.Method.REJECT),
        HbaRule.Method.REJECT);
  }

  private static <T> List<T> list(Section section, String key, Function<String, T> parser) {
    List<T> parsed = new ArrayList<>();
    for (String text : section.texts(key, List.of())) {
      try {
        parsed.add(parser.apply(known(text)));
      } catch (IllegalArgumentException e) {
        section.error(key, String.valueOf(e.getMessage()));
      }
    }
    return parsed;
  }

  private static String known(String text) {
    if (text.equals("all")) {
      throw new IllegalArgumentException("'all' is no name here; leave the key out for all");
    }
    if (ONLY_IN_PG_HBA.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' means something in pg_hba.conf alone; write out what it stands for");
    }
    return text;
  }

  private static NamePattern environment(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals(text)) {
      throw new IllegalArgumentException(
          "'" + text + "': names are folded to lower case; write \"" + lower + "\"");
    }
    NamePattern pattern = new NamePattern(text);
    if (pattern.isPersonal()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': whose such an environment is, is seen to already; write \""
              + pattern.with("*")
              + "\" for all of them");
    }
    return pattern;
  }
}
