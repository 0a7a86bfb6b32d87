package dev.understudy.proxy.route;

import dev.understudy.protocol.startup.ProtocolNegotiation;
import dev.understudy.protocol.startup.StartupMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The startup parameters, parted into what routes and what is passed on.
 *
 * @param environments every {@code understudy.environment}, from parameters and options alike
 * @param fresh {@code understudy.fresh}; null: not given
 * @param others in order; {@code options} without the switches that route
 */
record RoutingParameters(
    List<String> environments, @Nullable FreshToken fresh, Map<String, String> others) {
  private static final String PREFIX = "understudy.";

  /**
   * Parts the parameters of a message.
   *
   * @throws RefusedException for a setting of the reserved prefix that no client may give
   */
  static RoutingParameters of(StartupMessage message) {
    Reserved reserved = new Reserved();
    Map<String, String> others = new LinkedHashMap<>();
    message
        .parameters()
        .forEach((name, value) -> {
          if (name.equals("options")) {
            String kept = takeSwitches(value, reserved);
            if (!kept.isBlank()) {
              others.put(name, kept);
            }
          } else if (isReserved(name)) {
            reserved.take(name, value);
          } else if (!isConsumed(name)) {
            others.put(name, value);
          }
        });
    return new RoutingParameters(reserved.environments, reserved.fresh(), others);
  }

  private static String takeSwitches(String options, Reserved reserved) {
    OptionSwitches switches = OptionSwitches.parse(options, RoutingParameters::isReserved);
    switches.taken().forEach(setting -> reserved.take(setting.name(), setting.value()));
    return switches.kept();
  }

  private static boolean isConsumed(String name) {
    return name.equals("user") || name.equals("database") || ProtocolNegotiation.isOption(name);
  }

  private static boolean isReserved(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /** What is collected of the reserved prefix. */
  private static final class Reserved {
    private final List<String> environments = new ArrayList<>();
    private final Set<FreshToken> tokens = new LinkedHashSet<>();

    void take(String name, @Nullable String given) {
      String value = given == null ? "" : given;
      switch (name.toLowerCase(Locale.ROOT).substring(PREFIX.length())) {
        case "environment" -> environments.add(value);
        case "fresh" -> tokens.add(FreshToken.parse(value));
        case "source", "data_time" -> throw new RefusedException(Refusals.readOnly(name));
        default -> throw new RefusedException(Refusals.unknownParameter(name));
      }
    }

    @Nullable FreshToken fresh() {
      if (tokens.size() > 1) {
        throw new RefusedException(Refusals.differentTokens());
      }
      return tokens.isEmpty() ? null : tokens.iterator().next();
    }
  }
}
