package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a startup message and the TLS server name which environment is wanted. A pure function
 * of these and the names; creates nothing.
 *
 * <p>An environment is named in the options, by the server name, after the user name or after the
 * database name, in one place or the same in several; where none of them does, the database name
 * alone may be one.
 */
public final class Router {
  private final StartupMessage message;
  private final @Nullable String serverName;
  private final Names names;
  private final Qualified user;
  private final Forms forms;
  private final Set<EnvironmentName> named = new LinkedHashSet<>();

  /**
   * The policy that applies, as soon as it is known: a refusal authenticates against its source.
   */
  private @Nullable EnvironmentPolicy policy;

  private Router(StartupMessage message, @Nullable String serverName, Names names) {
    this.message = message;
    this.serverName = serverName;
    this.names = names;
    this.user =
        names.isLogin(message.user())
            ? Qualified.whole(message.user())
            : Qualified.split(message.user());
    this.forms = new Forms(names, user.name());
  }

  /** For a connection without TLS. */
  public static Route route(StartupMessage message, Names names) {
    return route(message, null, names);
  }

  /**
   * The route of a connection.
   *
   * @param serverName in lower case and without a dot at its end, whatever it holds otherwise;
   *     null: there is none
   */
  public static Route route(StartupMessage message, @Nullable String serverName, Names names) {
    return new Router(message, serverName, names).route();
  }

  /** Why a connection of a login that names an environment would be refused; null: it would not. */
  public static @Nullable ErrorResponse refusal(String login, String environment, Names names) {
    StartupMessage connection =
        new StartupMessage(
            3,
            0,
            Map.of(
                "user",
                login,
                "database",
                DefaultDatabase.MAINTENANCE,
                "options",
                "-c understudy.environment=" + environment));
    return route(connection, names) instanceof RefusedRoute refused ? refused.refusal() : null;
  }

  private Route route() {
    try {
      RoutingParameters parameters = RoutingParameters.of(message);
      parameters.environments().forEach(this::name);
      nameByServer();
      if (user.environment() != null) {
        name(user.environment());
      }
      return named.isEmpty() ? byDatabase(parameters) : byName(parameters);
    } catch (RefusedException e) {
      String source = policy == null ? names.sourceOfLogin(user.name()) : policy.source();
      return new RefusedRoute(user.name(), source, protocolMinor(source), e.refusal());
    }
  }

  /**
   * The environment is named elsewhere: the database name may repeat it, and may not contradict.
   */
  private Route byName(RoutingParameters parameters) {
    EnvironmentName name = theName();
    SourceNames source = cover(name);
    String database = message.database();
    if (source.databases().contains(database)) {
      return to(name, database, source, parameters);
    }
    Qualified qualified = qualifiedDatabase();
    if (qualified.environment() != null) {
      name(qualified.environment());
      theName();
      return to(name, qualified.name(), source, parameters);
    }
    EnvironmentName alone = standingAlone(database);
    if (alone == null) {
      return to(name, database, source, parameters);
    }
    named.add(alone);
    theName();
    return to(name, "", source, parameters);
  }

  /** Only the database name can tell. */
  private Route byDatabase(RoutingParameters parameters) {
    Qualified qualified = qualifiedDatabase();
    if (qualified.environment() != null) {
      name(qualified.environment());
      EnvironmentName name = theName();
      return to(name, qualified.name(), cover(name), parameters);
    }
    String database = qualified.name();
    if (database.equals(ConsoleRoute.DATABASE)) {
      return new ConsoleRoute(user.name());
    }
    EnvironmentName alone = standingAlone(database);
    if (alone == null) {
      throw new RefusedException(refusalOfBare(database));
    }
    return to(alone, "", cover(alone), parameters);
  }

  /** A database name that defaults to a login is no more split than the login itself. */
  private Qualified qualifiedDatabase() {
    String database = message.database();
    return database.equals(message.user()) && user.environment() == null
        ? Qualified.whole(database)
        : Qualified.splitUrl(database);
  }

  /** The environment that a database name without more stands for; null: none. */
  private @Nullable EnvironmentName standingAlone(String database) {
    EnvironmentName name = EnvironmentName.parse(database);
    if (name == null || names.isDatabase(database) || names.isDatabase(name.text())) {
      return null;
    }
    EnvironmentPolicy covering = names.policyOf(name);
    return covering != null && covering.pattern().beginsLiterally() ? name : null;
  }

  private ErrorResponse refusalOfBare(String database) {
    if (names.isDatabase(database)) {
      return Refusals.bareDatabase(database, forms.anyFor(database));
    }
    EnvironmentName name = EnvironmentName.parse(database);
    EnvironmentPolicy covering = name == null ? null : names.policyOf(name);
    if (name != null && covering != null && !names.isDatabase(name.text())) {
      return Refusals.notBare(name, forms.one(name, covering));
    }
    return Refusals.noDatabase(
        database, "It is neither a database of a source nor an environment.", forms.any());
  }

  private void nameByServer() {
    ServerName server = ServerName.below(names.domain(), serverName);
    if (server == null) {
      return;
    }
    EnvironmentName name = EnvironmentName.parse(server.label());
    if (name == null) {
      throw new RefusedException(Refusals.badServerName(server));
    }
    if (!server.canName(name)) {
      throw new RefusedException(
          Refusals.noServerName(server, forms.at(server.domain(), name, names.policyOf(name))));
    }
    named.add(name);
  }

  private void name(String text) {
    EnvironmentName name = EnvironmentName.parse(text);
    if (name == null) {
      throw new RefusedException(Refusals.badName(text));
    }
    named.add(name);
  }

  private EnvironmentName theName() {
    if (named.size() > 1) {
      policy = null;
      throw new RefusedException(Refusals.differentNames(named));
    }
    return named.iterator().next();
  }

  private SourceNames cover(EnvironmentName name) {
    EnvironmentPolicy covering = names.policyOf(name);
    if (covering == null) {
      throw new RefusedException(Refusals.notCovered(name, names, forms.any()));
    }
    policy = covering;
    SourceNames source = names.sources().get(covering.source());
    if (source == null) {
      throw new RefusedException(Refusals.noSnapshot(covering.source()));
    }
    if (covering.pattern().isPersonal()) {
      requireOwn(name, covering, source);
    }
    return source;
  }

  /** Told after authentication, as all refusals are: by then the login is who it says it is. */
  private void requireOwn(EnvironmentName name, EnvironmentPolicy covering, SourceNames source) {
    String part = covering.pattern().roleIn(name.text());
    if (part.equals(user.name())) {
      return;
    }
    if (!part.equals(Personal.fold(user.name()))) {
      EnvironmentName own = Personal.nameOf(covering.pattern(), user.name());
      throw new RefusedException(
          Refusals.notYours(name, covering, own == null ? null : forms.one(own, covering)));
    }
    String other = Personal.otherWith(part, user.name(), names.users(), source.roles());
    if (other != null) {
      throw new RefusedException(Refusals.sharedName(name, user.name(), other));
    }
  }

  private Route to(
      EnvironmentName name, String database, SourceNames source, RoutingParameters parameters) {
    EnvironmentPolicy covering = requireNonNull(policy, "policy is null");
    String wanted = database.isEmpty() ? defaultDatabase(name, covering, source) : database;
    // One that the client names may have been created in the environment: only that can tell.
    if (database.isEmpty() && !hasDatabase(source, wanted)) {
      throw new RefusedException(
          Refusals.noDatabase(
              wanted,
              "It is not in the snapshot that environment \"" + name + "\" is made from.",
              forms.one(name, covering)));
    }
    return new EnvironmentRoute(
        name.text(),
        covering.source(),
        wanted,
        Replication.isPhysical(message.parameter(Replication.PARAMETER))
            ? someDatabase(covering, source)
            : wanted,
        parameters.fresh() == null ? null : parameters.fresh().text(),
        user.name(),
        source.protocolMinor(),
        parameters.others());
  }

  /** For a session that is connected to none, whatever it names. */
  private static String someDatabase(EnvironmentPolicy covering, SourceNames source) {
    String database =
        covering.database() == null ? DefaultDatabase.of(source) : covering.database();
    return database == null ? DefaultDatabase.MAINTENANCE : database;
  }

  private String defaultDatabase(
      EnvironmentName name, EnvironmentPolicy covering, SourceNames source) {
    String database =
        covering.database() == null ? DefaultDatabase.of(source) : covering.database();
    if (database == null) {
      throw new RefusedException(
          Refusals.severalDatabases(name, covering.source(), forms.one(name, covering)));
    }
    return database;
  }

  /** Every server has a {@code template1} that takes connections, which the names leave out. */
  private static boolean hasDatabase(SourceNames source, String database) {
    return source.databases().contains(database) || database.equals("template1");
  }

  private int protocolMinor(String source) {
    SourceNames known = names.sources().get(source);
    return known == null ? names.lowestProtocolMinor() : known.protocolMinor();
  }
}
