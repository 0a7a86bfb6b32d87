package dev.understudy.proxy.route;

import static dev.understudy.proxy.route.RoutingFixture.NAMES;
import static dev.understudy.proxy.route.RoutingFixture.message;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.startup.StartupMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterPropertyTest {
  private static final List<String> ENVIRONMENTS =
      List.of("pr-1", "PR-1", "pr-2", "staging", "Staging", "x_y");
  private static final List<String> DATABASES =
      List.of("shop", "crm", "postgres", "nope", "app", "my db");

  private static final Names WITH_DOMAIN =
      new Names(NAMES.policies(), NAMES.sources(), NAMES.users(), "db.test");

  private final Random random = new Random(42);

  /** What a random message names, told by how the message was made. */
  private record Given(StartupMessage message, @Nullable String serverName, Set<String> names) {}

  @Test
  void neverLeadsToAnotherEnvironmentThanTheOneNamed() {
    int found = 0;
    int contradicted = 0;
    for (int i = 0; i < 20_000; i++) {
      Given given = given();
      switch (Router.route(given.message(), given.serverName(), WITH_DOMAIN)) {
        case EnvironmentRoute route -> {
          assertThat(given.names()).as("%s", given).containsExactly(route.environment());
          found++;
        }
        case ConsoleRoute _ -> assertThat(given.names()).as("%s", given).isEmpty();
        case RefusedRoute refused -> {
          boolean isContradiction = given.names().size() > 1;
          // With one name or none it may still be refused, but never for a contradiction.
          assertThat(requireNonNull(refused.refusal().sqlState()).equals("22023"))
              .as("%s %s", given, refused)
              .isEqualTo(isContradiction);
          contradicted += isContradiction ? 1 : 0;
        }
      }
    }
    assertThat(found).isGreaterThan(1000);
    assertThat(contradicted).isGreaterThan(1000);
  }

  @Test
  void letsOutNoExceptionForRandomText() {
    String alphabet = "ab@%40-c= \\.understudy_PRZé\t'\"";
    for (int i = 0; i < 20_000; i++) {
      Route route =
          Router.route(
              message(
                  "user", "x" + text(alphabet),
                  "database", text(alphabet),
                  "options", "-c understudy." + text(alphabet) + " " + text(alphabet)),
              NAMES);

      assertThat(route.login()).isNotNull();
    }
  }

  private Given given() {
    Set<String> names = new TreeSet<>();
    List<String> parameters = new ArrayList<>(List.of("user", "app" + suffix("@", names)));
    String suffix = suffix(random.nextBoolean() ? "@" : "%40", names);
    if (!suffix.isEmpty() || random.nextBoolean()) {
      parameters.addAll(List.of("database", pick(DATABASES) + suffix));
    } else {
      String alone = pick(List.of("staging", "pr-1", "PR-2"));
      names.add(alone.toLowerCase(Locale.ROOT));
      parameters.addAll(List.of("database", alone));
    }
    for (String form : List.of("-c understudy.environment=", "--understudy.environment=")) {
      String option = suffix(form, names);
      if (!option.isEmpty() && !parameters.contains("options")) {
        parameters.addAll(List.of("options", option));
      } else if (!option.isEmpty()) {
        parameters.set(parameters.size() - 1, parameters.getLast() + " -s " + option);
      }
    }
    return new Given(message(parameters.toArray(String[]::new)), serverName(names), names);
  }

  private @Nullable String serverName(Set<String> names) {
    return switch (random.nextInt(6)) {
      case 0 -> "db.test";
      case 1 -> {
        String name = pick(List.of("pr-1", "pr-2", "staging"));
        names.add(name);
        yield name + ".db.test";
      }
      default -> null;
    };
  }

  private String suffix(String form, Set<String> names) {
    if (random.nextInt(3) > 0) {
      return "";
    }
    String name = pick(ENVIRONMENTS);
    names.add(name.toLowerCase(Locale.ROOT));
    return form + name;
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String text(String alphabet) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
