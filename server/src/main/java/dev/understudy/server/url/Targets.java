package dev.understudy.server.url;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Settings;
import dev.understudy.config.Tls;
import dev.understudy.proxy.route.EnvironmentName;
import dev.understudy.proxy.route.ServerName;
import dev.understudy.server.CommandException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the way to an environment in the settings; asks no daemon. */
public final class Targets {
  private static final String PLACEHOLDER = "USER";
  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "*");

  private final Settings settings;
  private final Wishes wishes;

  /**
   * What whoever asks knows better than the settings; null: nothing better.
   *
   * @param host that clients reach the proxy at
   * @param user to log in as
   * @param rootCertificate that clients have, to verify the proxy's by
   */
  public record Wishes(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String user,
      @Nullable String database,
      @Nullable Path rootCertificate) {
    public static final Wishes NONE = new Wishes(null, null, null, null, null);
  }

  public Targets(Settings settings, Wishes wishes) {
    this.settings = requireNonNull(settings, "settings is null");
    this.wishes = requireNonNull(wishes, "wishes is null");
  }

  /** What a tool is to be given to connect to an environment. */
  public String write(String environment, Tool tool) throws CommandException {
    return tool.write(target(environment));
  }

  /**
   * The same with the environment named by the host alone, below {@code listen.tls.domain}:
   * whatever database or user is put in its place, the environment stays.
   */
  public String writeByHost(String environment, Tool tool) throws CommandException {
    if (wishes.host != null) {
      throw new CommandException(
          "the host is to name the environment, and cannot be \"" + wishes.host + "\" as well",
          "Leave out --host or --by-host.",
          null);
    }
    return tool.write(target(environment), Place.HOST);
  }

  private Target target(String text) throws CommandException {
    EnvironmentName name = EnvironmentName.parse(text);
    if (name == null) {
      EnvironmentName nearest = EnvironmentName.nearest(text);
      throw new CommandException(
          "invalid environment name \"" + text + "\". " + EnvironmentName.RULE,
          nearest == null ? "Give a name such as \"pr-42\"." : "Use \"" + nearest + "\".",
          null);
    }
    EnvironmentPolicy policy = policyOf(name);
    return new Target(
        host(),
        serverName(name),
        port(),
        login(name, policy),
        name.text(),
        wishes.database == null ? policy.database() : wishes.database,
        policy.pattern().beginsLiterally(),
        encryption());
  }

  private EnvironmentPolicy policyOf(EnvironmentName name) throws CommandException {
    List<EnvironmentPolicy> policies = settings.environments();
    return settings
        .policyOf(name.text())
        .orElseThrow(() ->
            new CommandException(
                "no pattern of the settings fits environment \"" + name + "\"",
                policies.isEmpty()
                    ? "Add one under understudy.environments."
                    : "Names that can exist: "
                        + policies.stream()
                            .map(policy -> "\"" + policy.pattern() + "\"")
                            .collect(Collectors.joining(", "))
                        + ".",
                null));
  }

  private String host() throws CommandException {
    if (wishes.host != null) {
      return wishes.host;
    }
    String host = settings.listen().host();
    if (!EVERY_ADDRESS.contains(host)) {
      return host;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new CommandException(
          "the daemon listens on every address, and this host does not know its name",
          "Give --host.",
          e);
    }
  }

  private @Nullable String serverName(EnvironmentName name) {
    Tls tls = settings.listen().tls();
    return tls == null || tls.domain() == null ? null : ServerName.of(name, tls.domain());
  }

  private int port() throws CommandException {
    int port = wishes.port == null ? settings.listen().port() : wishes.port;
    if (port == 0) {
      throw new CommandException(
          "listen.port is 0: the daemon takes any free port",
          "Give --port; the daemon logs the port at its start.",
          null);
    }
    return port;
  }

  private String login(EnvironmentName name, EnvironmentPolicy policy) throws CommandException {
    if (policy.pattern().isPersonal()) {
      return owner(name, policy);
    }
    if (wishes.user != null) {
      return wishes.user;
    }
    Set<String> users = settings.users().keySet();
    return users.size() == 1 ? users.iterator().next() : PLACEHOLDER;
  }

  /** Who a personal environment is for: as wished, or who folds to the name, or the name itself. */
  private String owner(EnvironmentName name, EnvironmentPolicy policy) throws CommandException {
    String part = policy.pattern().roleIn(name.text());
    if (wishes.user == null) {
      return settings.users().keySet().stream()
          .filter(user -> comesTo(user, part))
          .sorted()
          .findFirst()
          .orElse(part);
    }
    if (!comesTo(wishes.user, part)) {
      EnvironmentName folded = EnvironmentName.nearest(wishes.user);
      throw new CommandException(
          "environment \"" + name + "\" is for the login that it is named after",
          folded == null ? null : "Use \"" + policy.pattern().with(folded.text()) + "\".",
          null);
    }
    return wishes.user;
  }

  private static boolean comesTo(String user, String part) {
    EnvironmentName folded = EnvironmentName.nearest(user);
    return user.equals(part) || (folded != null && folded.text().equals(part));
  }

  private Encryption encryption() throws CommandException {
    if (settings.listen().tls() == null) {
      if (wishes.rootCertificate != null) {
        throw new CommandException(
            "there is no TLS to verify", "Write listen.tls to the settings.", null);
      }
      return Encryption.NONE;
    }
    return wishes.rootCertificate == null
        ? Encryption.REQUIRED
        : Encryption.verified(wishes.rootCertificate);
  }
}
