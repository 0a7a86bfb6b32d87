package dev.understudy.server.serve;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Settings;
import dev.understudy.config.User;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.access.AccessRules;
import dev.understudy.proxy.console.Console;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.route.Router;
import dev.understudy.server.console.ConsoleCommands;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The console of one daemon. */
final class ServedConsole {
  private ServedConsole() {}

  /**
   * What people can do, whichever way they ask.
   *
   * @param settings those of now
   */
  static Operations operations(Cloner cloner, Supplier<Settings> settings, Supplier<Names> names) {
    return new Operations(
        cloner,
        (actor, environment) -> refusal(actor, environment, settings.get(), names.get()),
        InstantSource.system());
  }

  /**
   * As it is served.
   *
   * @param settings those of now
   */
  static Console of(
      Supplier<Settings> settings,
      Cloner cloner,
      Operations operations,
      DaemonOperations daemon,
      Observation observation) {
    return ConsoleCommands.of(
        cloner,
        operations,
        daemon,
        observation.usage(),
        observation.storage(),
        () -> settings.get().sources().values(),
        login -> isAdministrator(settings.get().users(), login));
  }

  /** As who connects is refused, in the same order. */
  private static @Nullable OperationException refusal(
      Actor actor, String environment, Settings settings, Names names) {
    AccessRules rules = new AccessRules(settings.listen().admission().hba());
    ErrorResponse refused =
        actor.origin() == null ? null : rules.refusal(actor.origin(), actor.login(), environment);
    return refusal(refused == null ? Router.refusal(actor.login(), environment, names) : refused);
  }

  private static @Nullable OperationException refusal(@Nullable ErrorResponse refused) {
    return refused == null
        ? null
        : OperationException.of(
            String.valueOf(refused.sqlState()),
            String.valueOf(refused.message()),
            refused.detail(),
            refused.hint());
  }

  private static boolean isAdministrator(Map<String, User> users, String login) {
    User user = users.get(login);
    return user != null && user.administrator();
  }
}
