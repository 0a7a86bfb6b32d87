package dev.understudy.proxy.route;

import dev.understudy.protocol.startup.ProtocolNegotiation;
import dev.understudy.protocol.startup.StartupMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The startup parameters, parted into what routes and what is passed on.
 *
 * @param environments every {@code understudy.environment}, from parameters and options alike
 * @param others in order; {@code options} without the switches that route
 */
record RoutingParameters(List<String> environments, Map<String, String> others) {
  private static final String PREFIX = "understudy.";

  /**
   * Parts the parameters of a message.
   *
   * @throws RefusedException for a setting of the reserved prefix that no client may give
   */
  static RoutingParameters of(StartupMessage message) {
    List<String> environments = new ArrayList<>();
    Map<String, String> others = new LinkedHashMap<>();
    message
        .parameters()
        .forEach((name, value) -> {
          if (name.equals("options")) {
            String kept = takeSwitches(value, environments);
            if (!kept.isBlank()) {
              others.put(name, kept);
            }
          } else if (isReserved(name)) {
            environments.add(environment(name, value));
          } else if (!isConsumed(name)) {
            others.put(name, value);
          }
        });
    return new RoutingParameters(environments, others);
  }

  private static String takeSwitches(String options, List<String> environments) {
    OptionSwitches switches = OptionSwitches.parse(options, RoutingParameters::isReserved);
    switches
        .taken()
        .forEach(setting -> environments.add(environment(setting.name(), setting.value())));
    return switches.kept();
  }

  private static boolean isConsumed(String name) {
    return name.equals("user") || name.equals("database") || ProtocolNegotiation.isOption(name);
  }

  private static boolean isReserved(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  private static String environment(String name, @Nullable String value) {
    return switch (name.toLowerCase(Locale.ROOT).substring(PREFIX.length())) {
      case "environment" -> value == null ? "" : value;
      case "fresh" -> throw new RefusedException(Refusals.notSupported(name));
      case "source", "data_time" -> throw new RefusedException(Refusals.readOnly(name));
      default -> throw new RefusedException(Refusals.unknownParameter(name));
    };
  }
}
