package dev.understudy.proxy.access;

import dev.understudy.config.HbaRule;
import dev.understudy.config.HbaRule.Method;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.RefusedRoute;
import dev.understudy.proxy.route.Route;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code listen.hba}: the first that covers a connection decides, and what none covers
 * is refused. Immutable.
 *
 * <p>They are asked twice. Before authentication only who could get in under no name at all is
 * refused, which follows from address and encryption alone: nobody learns which names exist, or
 * which ones rules are about. All else is told after it.
 */
public final class AccessRules {
  /** PostgreSQL takes no more of a name that a client gives, and drops the rest. */
  private static final int NAME_BYTES = 63;

  private final @Nullable List<HbaRule> rules;

  /**
   * Rules in their order.
   *
   * @param rules null: everybody is let in
   */
  public AccessRules(@Nullable List<HbaRule> rules) {
    this.rules = rules == null ? null : List.copyOf(rules);
  }

  /** For who has not authenticated; null: some login may get in from there. */
  public @Nullable ErrorResponse refusal(Origin origin) {
    return switch (judge(origin)) {
      case ADMITTED -> null;
      case REJECTED -> AccessRefusals.rejected(origin, "", isForTls(origin));
      case NOT_COVERED -> AccessRefusals.notCovered(origin, "", isForTls(origin));
    };
  }

  private Judgement judge(Origin origin) {
    return judge(
        rule -> rule.coversOrigin(origin.inet(), origin.encrypted()), HbaRule::isOfOriginAlone);
  }

  private boolean isForTls(Origin origin) {
    return !origin.encrypted() && judge(origin.insideTls()) == Judgement.ADMITTED;
  }

  /** For who has authenticated; null: welcome, if the route leads anywhere. */
  public @Nullable ErrorResponse refusal(Origin origin, Route route) {
    String subject = AccessRefusals.subject(route);
    return switch (judge(origin, route)) {
      case ADMITTED -> null;
      case REJECTED -> AccessRefusals.rejected(origin, subject, isForTls(origin, route));
      case NOT_COVERED -> AccessRefusals.notCovered(origin, subject, isForTls(origin, route));
    };
  }

  /**
   * For who has authenticated and wants an environment, without connecting to it; null: some
   * connection to it would be let in from there.
   */
  public @Nullable ErrorResponse refusal(Origin origin, String login, String environment) {
    String subject = AccessRefusals.subject(login, environment);
    boolean isForTls =
        !origin.encrypted() && judge(origin.insideTls(), login, environment) == Judgement.ADMITTED;
    return switch (judge(origin, login, environment)) {
      case ADMITTED -> null;
      case REJECTED -> AccessRefusals.rejected(origin, subject, isForTls);
      case NOT_COVERED -> AccessRefusals.notCovered(origin, subject, isForTls);
    };
  }

  private Judgement judge(Origin origin, String login, String environment) {
    return judge(
        rule ->
            rule.coversOrigin(origin.inet(), origin.encrypted())
                && rule.coversUser(login)
                && rule.coversEnvironment(environment),
        rule -> rule.databases().isEmpty());
  }

  private Judgement judge(Origin origin, Route route) {
    Predicate<HbaRule> covers =
        rule ->
            rule.coversOrigin(origin.inet(), origin.encrypted()) && rule.coversUser(route.login());
    return switch (route) {
      case EnvironmentRoute environment ->
          judge(covers.and(rule -> covers(rule, environment)), _ -> true);
      case ConsoleRoute _ -> judge(covers.and(HbaRule::coversConsole), _ -> true);
      case RefusedRoute _ -> judge(covers, HbaRule::isOfAnyEnvironment);
    };
  }

  private static boolean covers(HbaRule rule, EnvironmentRoute route) {
    return rule.coversEnvironment(route.environment())
        && (route.isPhysicalReplication()
            ? rule.coversPhysicalReplication()
            : rule.coversDatabase(clipped(route.database())));
  }

  private boolean isForTls(Origin origin, Route route) {
    return !origin.encrypted() && judge(origin.insideTls(), route) == Judgement.ADMITTED;
  }

  /**
   * Whether requests to cancel are taken from there. Most clients make them without TLS even for a
   * session inside it, so that the type of a rule does not count.
   */
  public boolean admitsCancelFrom(SocketAddress address) {
    return judge(new Origin(address, true)) == Judgement.ADMITTED
        || judge(new Origin(address, false)) == Judgement.ADMITTED;
  }

  /**
   * The first rule that may decide, does. One that lets in may do so as soon as all that is known
   * fits; one that rejects must be sure of all the rest, too.
   *
   * @param mayCover judges by what is known so far
   * @param isSure whether what is not known makes no difference to a rule
   */
  private Judgement judge(Predicate<HbaRule> mayCover, Predicate<HbaRule> isSure) {
    if (rules == null) {
      return Judgement.ADMITTED;
    }
    for (HbaRule rule : rules) {
      if (mayCover.test(rule)) {
        if (rule.method() == Method.ALLOW) {
          return Judgement.ADMITTED;
        }
        if (isSure.test(rule)) {
          return Judgement.REJECTED;
        }
      }
    }
    return Judgement.NOT_COVERED;
  }

  private static String clipped(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= NAME_BYTES
        ? name
        : new String(Arrays.copyOf(bytes, NAME_BYTES), StandardCharsets.UTF_8);
  }

  private enum Judgement {
    ADMITTED,
    REJECTED,
    NOT_COVERED
  }
}
