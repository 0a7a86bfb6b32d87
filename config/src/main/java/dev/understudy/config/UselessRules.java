package dev.understudy.config;

import dev.understudy.config.Settings.CredentialSource;
import java.util.List;

/** Warns of rules of {@code listen.hba} that no connection can ever come to. */
final class UselessRules {
  private final Settings settings;
  private final List<HbaRule> rules;

  UselessRules(Settings settings, List<HbaRule> rules) {
    this.settings = settings;
    this.rules = rules;
  }

  /**
   * Warns of each at its method, which each has.
   *
   * @param sections of the rules
   */
  void warn(List<Section> sections) {
    for (int i = 0; i < rules.size(); i++) {
      String reason = reason(i);
      if (!reason.isEmpty()) {
        sections.get(i).warning("method", "this rule never matches: " + reason);
      }
    }
  }

  private String reason(int index) {
    HbaRule rule = rules.get(index);
    for (int earlier = 0; earlier < index; earlier++) {
      if (rules.get(earlier).covers(rule)) {
        return "rule " + (earlier + 1) + " of the list matches all that it would match";
      }
    }
    if (rule.type() == HbaRule.Type.HOSTSSL && settings.listen().tls() == null) {
      return "there is no TLS without listen.tls.certificate";
    }
    if (rule.type() == HbaRule.Type.HOSTNOSSL && isTlsRequired()) {
      return "listen.tls.mode = require refuses connections without TLS before";
    }
    if (!rule.environments().isEmpty()
        && rule.environments().stream().allMatch(this::isUncovered)) {
      return "no pattern of environments has such names";
    }
    if (!rule.users().isEmpty() && rule.users().stream().allMatch(this::isUnknown)) {
      return "users has no such name, and authentication has nobody else";
    }
    return "";
  }

  private boolean isTlsRequired() {
    Tls tls = settings.listen().tls();
    return tls != null && tls.required();
  }

  private boolean isUncovered(NamePattern wanted) {
    return settings.environments().stream()
        .map(EnvironmentPolicy::pattern)
        .noneMatch(pattern -> share(wanted, pattern));
  }

  /** False only if no name matches both. */
  private static boolean share(NamePattern wanted, NamePattern pattern) {
    if (wanted.isLiteral()) {
      return pattern.matches(wanted.toString());
    }
    return pattern.isLiteral() ? wanted.matches(pattern.toString()) : wanted.overlaps(pattern);
  }

  private boolean isUnknown(NameGlob user) {
    return settings.authentication().equals(List.of(CredentialSource.USERS))
        && settings.users().keySet().stream().noneMatch(user::matches);
  }
}
