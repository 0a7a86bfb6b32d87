package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Any parameters of a startup message: names and values, each ended by a zero. */
class RouterFuzzTest {
  private static final Names NAMES =
      new Names(
          List.of(
              RoutingFixture.policy("staging", "prod", "shop"),
              RoutingFixture.policy("pr-*", "prod", "shop"),
              RoutingFixture.policy("dev-{role}", "prod", null),
              RoutingFixture.policy("late", "unready", "x"),
              RoutingFixture.policy("*-nightly", "ledger", null)),
          Map.of(
              "prod",
                  new Names.SourceNames(
                      Set.of("postgres", "shop", "crm"), Set.of("app", "me@corp", "A.b"), 2),
              "ledger",
                  new Names.SourceNames(Set.of("postgres", "books"), Set.of("clerk", "a_b"), 0)),
          Set.of("a-b"),
          "db.test");

  /** Not one of clients: it stands here for the server name of TLS. */
  private static final String SERVER_NAME = "server_name";

  static Stream<byte[]> seeds() {
    return Stream.of(
            "user\0app\0database\0shop@pr-1\0",
            "user\0app\0database\0shop%40PR-1\0client_encoding\0UTF8\0",
            "user\0app@pr-1\0database\0crm\0replication\0true\0",
            "user\0app\0options\0-c understudy.environment=pr-1 -c work_mem=1MB\0",
            "user\0app\0database\0staging\0understudy.fresh\0run-7\0_pq_.x\0y\0",
            "user\0A.b\0database\0@dev-a-b\0",
            "user\0clerk\0database\0@x-nightly\0",
            "user\0app\0database\0shop@late\0",
            "user\0app\0database\0understudy\0",
            "user\0app\0database\0shop@Feature/X y\0",
            "user\0@pr-1\0understudy.data_time\0now\0",
            "user\0app\0database\0shop\0server_name\0pr-1.db.test\0",
            "user\0app\0database\0shop\0server_name\0a_b.db.test\0",
            "user\0app\0database\0shop@pr-1\0server_name\0a.b.db.test\0")
        .map(parameters -> parameters.getBytes(StandardCharsets.UTF_8));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void route(byte[] bytes) {
    if (bytes.length > StartupPacketDecoder.MAXIMUM_LENGTH / 2) {
      return;
    }
    StartupMessage message = message(new String(bytes, StandardCharsets.UTF_8));
    Route route = Router.route(message, message.parameter(SERVER_NAME), NAMES);
    assertThat(message.user()).startsWith(route.login());
    switch (route) {
      case EnvironmentRoute found -> assertCanBeOpened(found);
      case ConsoleRoute _ -> assertThat(message.database()).isEqualTo("understudy");
      case RefusedRoute refused -> assertCanBeTold(refused.refusal());
    }
  }

  private static StartupMessage message(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", "app");
    String[] parts = text.split("\0", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      if (!parts[i].isEmpty()) {
        parameters.put(parts[i], parts[i + 1]);
      }
    }
    if (requireNonNull(parameters.get("user")).isEmpty()) {
      parameters.put("user", "app");
    }
    return new StartupMessage(3, 0, parameters);
  }

  private static void assertCanBeOpened(EnvironmentRoute route) {
    EnvironmentName name = requireNonNull(EnvironmentName.parse(route.environment()));
    EnvironmentPolicy policy = requireNonNull(NAMES.policyOf(name));
    assertThat(name.text()).isEqualTo(route.environment());
    assertThat(route.source()).isEqualTo(policy.source());
    assertThat(route.database()).isNotEmpty();
    route.parameters().forEach(RouterFuzzTest::assertMayBePassedOn);

    StartupMessage startup =
        route.startupMessage(0, "role", Map.of("understudy.environment", route.environment()));
    ByteBuf encoded = Unpooled.buffer();
    startup.encode(encoded);
    assertThat(StartupPacketDecoder.decode(encoded)).isEqualTo(startup);
  }

  private static void assertMayBePassedOn(String name, String value) {
    assertThat(name).isNotIn("user", "database").doesNotStartWith("_pq_.");
    assertThat(isOurs(name)).isFalse();
    if (name.equals("options")) {
      assertThat(OptionSwitches.parse(value, RouterFuzzTest::isOurs).taken()).isEmpty();
    }
  }

  private static boolean isOurs(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("understudy.");
  }

  private static void assertCanBeTold(ErrorResponse refusal) {
    ByteBuf encoded = Unpooled.buffer();
    refusal.encode(encoded);
    Frame frame = requireNonNull(Frame.decode(encoded, BackendMessageDecoder.MAXIMUM_LENGTH));
    assertThat(BackendMessageDecoder.decode(frame)).isEqualTo(refusal);
  }
}
