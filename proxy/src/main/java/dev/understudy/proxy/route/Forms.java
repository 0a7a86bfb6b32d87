package dev.understudy.proxy.route;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Connection strings to paste, made of names that exist here. */
final class Forms {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@.-]+");
  private static final String EXAMPLE = "pr-42";

  /** A pattern shows better than a literal that names are made by using them. */
  private static final Comparator<EnvironmentPolicy> MOST_TELLING_FIRST =
      Comparator.comparing(policy -> {
        NamePattern pattern = policy.pattern();
        return pattern.isLiteral() ? 2 : pattern.beginsLiterally() ? 0 : 1;
      });

  private final Names names;
  private final String login;

  Forms(Names names, String login) {
    this.names = names;
    this.login = login;
  }

  /** All the ways to name an environment of a source that has this database. */
  String anyFor(String database) {
    EnvironmentPolicy policy = policyWith(database);
    if (policy == null) {
      return any();
    }
    return all(example(policy), database);
  }

  /** All the ways to name an environment. */
  String any() {
    if (names.policies().isEmpty()) {
      return "Add a pattern under \"understudy.environments\" to the settings.";
    }
    EnvironmentPolicy policy = preferred();
    return all(example(policy), databaseOf(policy));
  }

  /** The way to reach a database of an environment. */
  String one(EnvironmentName environment, @Nullable EnvironmentPolicy policy) {
    return "Connect with "
        + psql(environment.text(), policy == null ? "DATABASE" : databaseOf(policy))
        + ".";
  }

  /**
   * The way to reach a database of an environment, for who is about to connect to a host that would
   * name another one.
   */
  String at(String host, EnvironmentName environment, @Nullable EnvironmentPolicy policy) {
    return "Connect with "
        + psql(
            "host=" + host + " ",
            environment.text(),
            policy == null ? "DATABASE" : databaseOf(policy))
        + ".";
  }

  private String all(String environment, String database) {
    return "Connect with "
        + psql(environment, database)
        + ", or as user \""
        + login
        + "@"
        + environment
        + "\", or with options \"-c understudy.environment="
        + environment
        + "\""
        + byServerName(environment)
        + ".";
  }

  private String byServerName(String environment) {
    EnvironmentName name = EnvironmentName.parse(environment);
    String host =
        names.domain() == null || name == null ? null : ServerName.of(name, names.domain());
    return host == null ? "" : ", or to host \"" + host + "\" with TLS";
  }

  private static String psql(String environment, String database) {
    return psql("", environment, database);
  }

  private static String psql(String before, String environment, String database) {
    String name = database + "@" + environment;
    if (!PLAIN.matcher(name).matches()) {
      name = "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
    return "psql \"" + before + "dbname=" + name + "\"";
  }

  private String example(EnvironmentPolicy policy) {
    NamePattern pattern = policy.pattern();
    if (pattern.isPersonal()) {
      EnvironmentName own = Personal.nameOf(pattern, login);
      return own == null ? EXAMPLE : own.text();
    }
    return pattern.hasLiteralPart() ? pattern.with("42") : EXAMPLE;
  }

  private EnvironmentPolicy preferred() {
    return names.policies().stream().min(MOST_TELLING_FIRST).orElseThrow();
  }

  private @Nullable EnvironmentPolicy policyWith(String database) {
    return names.policies().stream()
        .filter(policy -> hasDatabase(policy, database))
        .min(MOST_TELLING_FIRST)
        .orElse(null);
  }

  private boolean hasDatabase(EnvironmentPolicy policy, String database) {
    SourceNames source = names.sources().get(policy.source());
    return source != null && source.databases().contains(database);
  }

  private String databaseOf(EnvironmentPolicy policy) {
    if (policy.database() != null) {
      return policy.database();
    }
    SourceNames source = names.sources().get(policy.source());
    String only = source == null ? null : DefaultDatabase.of(source);
    if (only != null) {
      return only;
    }
    return source == null
        ? "DATABASE"
        : source.databases().stream()
            .filter(name -> !name.equals("postgres"))
            .sorted()
            .findFirst()
            .orElse("postgres");
  }
}
