package dev.understudy.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code environments}. */
final class EnvironmentsReader {
  private static final String CONSOLE = "understudy";

  private final Section parent;
  private final Set<String> sources;

  EnvironmentsReader(Section parent, Set<String> sources) {
    this.parent = parent;
    this.sources = sources;
  }

  List<EnvironmentPolicy> read() {
    Section section =
        parent.required("environments", "without a pattern nobody can connect to anything");
    List<EnvironmentPolicy> policies = new ArrayList<>();
    Map<String, String> canonical = new HashMap<>();
    section
        .named()
        .forEach((text, policy) -> {
          NamePattern pattern = pattern(section, text);
          if (pattern == null) {
            return;
          }
          String same = canonical.putIfAbsent(pattern.canonical(), text);
          if (same != null) {
            section.error(text, "matches the same names as \"" + same + "\"");
          }
          policies.add(policy(pattern, policy));
        });
    warnOfOpenNames(section, policies);
    return policies;
  }

  /** What somebody takes for a personal environment may be open to all by another pattern. */
  private static void warnOfOpenNames(Section section, List<EnvironmentPolicy> policies) {
    List<NamePattern> patterns =
        policies.stream().map(EnvironmentPolicy::pattern).sorted().toList();
    for (int i = 0; i < patterns.size(); i++) {
      NamePattern first = patterns.get(i);
      if (first.isLiteral() || first.isPersonal()) {
        continue;
      }
      patterns.stream()
          .skip(i + 1)
          .filter(later -> later.isPersonal() && first.overlaps(later))
          .forEach(later ->
              section.warning(
                  first.toString(),
                  "comes before \"" + later + "\": names that match both are open to every role"));
    }
  }

  private static @Nullable NamePattern pattern(Section section, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals(text)) {
      section.error(text, "names are folded to lower case; write \"" + lower + "\"");
      return null;
    }
    if (text.equals(CONSOLE)) {
      section.error(text, "this name is kept for the console");
      return null;
    }
    try {
      NamePattern pattern = new NamePattern(text);
      // A star stands for at least one character, and some name must be able to match.
      if (!EnvironmentName.isValid(pattern.with("x"))) {
        section.error(text, "matches no name: a name has " + EnvironmentName.GRAMMAR);
      }
      return pattern;
    } catch (IllegalArgumentException e) {
      section.error(text, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private EnvironmentPolicy policy(NamePattern pattern, Section section) {
    String only = sources.size() == 1 ? sources.iterator().next() : "";
    String source = section.text("source", only);
    if (source.isEmpty() && !sources.isEmpty()) {
      section.error("source", "is missing; one of " + String.join(", ", sources));
    } else if (section.has("source") && !source.isEmpty() && !sources.contains(source)) {
      section.error(
          "source", "there is no source '" + source + "'; " + Nearest.suggest(source, sources));
    }
    EnvironmentPolicy policy =
        new EnvironmentPolicy(pattern, source, section.text("database"), null)
            .with(LifetimeReader.read(section))
            .with(RefreshReader.read(section))
            .with(
                section.choice(
                    "access",
                    Map.of("read-write", Access.READ_WRITE, "read-only", Access.READ_ONLY),
                    Access.READ_WRITE))
            .with(new ResourcesReader(section).read())
            .with(new HooksReader(section.section("hooks")).read())
            .with(QuotaReader.read(section));
    section.refuseUnknown();
    return policy;
  }
}
