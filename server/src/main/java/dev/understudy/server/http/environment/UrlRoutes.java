package dev.understudy.server.http.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentName;
import dev.understudy.config.Settings;
import dev.understudy.server.CommandException;
import dev.understudy.server.http.Call;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.url.Targets;
import dev.understudy.server.url.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How tools connect to an environment, which may not exist yet. */
public final class UrlRoutes {
  private static final String INVALID_NAME = "42602";
  private static final String UNDEFINED_OBJECT = "3D000";

  /** What stands in a connection string without being taken for something else. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");

  private static final int LONGEST_NAME = 63;

  private final Supplier<Settings> settings;
  private final IntSupplier port;

  /**
   * @param port that the proxy really listens on
   */
  public UrlRoutes(Supplier<Settings> settings, IntSupplier port) {
    this.settings = requireNonNull(settings, "settings is null");
    this.port = requireNonNull(port, "port is null");
  }

  public List<Route> all() {
    return List.of(
        Route.get(
            Route.ROOT + "/environments/{name}/urls", this::urls, "user", "database", "host"));
  }

  /** Of each tool; null where the settings and the request name no database, which it needs. */
  private Reply urls(Call call) {
    String name = call.path("name");
    if (!EnvironmentName.isValid(name)) {
      throw OperationException.of(
          INVALID_NAME,
          "invalid environment name \"" + name + "\"",
          null,
          "A name has " + EnvironmentName.GRAMMAR + ".");
    }
    Targets targets = new Targets(settings.get(), wishes(call));
    Map<String, @Nullable String> urls = new LinkedHashMap<>();
    try {
      // The form that needs least: what stands in its way stands in all others' too.
      urls.put(Tool.URL.toString(), targets.write(name, Tool.URL));
    } catch (CommandException e) {
      throw refusal(e);
    }
    for (Tool tool : Tool.values()) {
      urls.putIfAbsent(tool.toString(), write(targets, name, tool));
    }
    return Reply.ok(Map.of("environment", name, "urls", urls));
  }

  private static @Nullable String write(Targets targets, String name, Tool tool) {
    try {
      return targets.write(name, tool);
    } catch (CommandException e) {
      return null;
    }
  }

  private Targets.Wishes wishes(Call call) {
    String host = call.query("host");
    if (host != null && !HOST.matcher(host).matches()) {
      throw Call.invalid("parameter \"host\" is no host name or address");
    }
    return new Targets.Wishes(
        host, port.getAsInt(), name(call, "user"), name(call, "database"), null);
  }

  private static @Nullable String name(Call call, String parameter) {
    String text = call.query(parameter);
    if (text != null
        && (text.isEmpty()
            || text.length() > LONGEST_NAME
            || text.chars().anyMatch(Character::isISOControl))) {
      throw Call.invalid("parameter \"" + parameter + "\" is no name");
    }
    return text;
  }

  /** Where the command line has an option, a request has a parameter. */
  private static OperationException refusal(CommandException e) {
    String hint = e.hint();
    return OperationException.of(
        UNDEFINED_OBJECT,
        String.valueOf(e.getMessage()),
        null,
        hint == null ? null : hint.replaceAll("--(host|user|database)", "the parameter $1"));
  }
}
