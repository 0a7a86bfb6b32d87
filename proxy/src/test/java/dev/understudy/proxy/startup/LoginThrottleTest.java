package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.access.AccessRules;
import dev.understudy.proxy.authenticate.Authenticator;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.proxy.cancel.CancelRate;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.cancel.CancelRequests;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.console.Consoles;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.listen.Doorway;
import dev.understudy.proxy.listen.Entrance;
import dev.understudy.proxy.listen.Porch;
import dev.understudy.proxy.listen.Regrets;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.session.Sessions;
import dev.understudy.proxy.testing.AccountedChannel;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.proxy.tls.CurrentTls;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import dev.understudy.proxy.transport.NioTransport;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What who guesses hears, and when; the time of the channel is the test's. */
final class LoginThrottleTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<CompletableFuture<Lease>> opened = new ArrayList<>();
  private final List<AccountedChannel> channels = new ArrayList<>();
  private final Entrance entrance =
      new Entrance(new Porch(100), new Doorway(100, 100, 1, LONG), new Regrets(1, _ -> {}));
  private final Startups startups = startups();

  /** As of an environment's own role; null: of production's. */
  private @Nullable String scope;

  private Credential credential() {
    return new Credential(TestClient.USER, new Secret(TestClient.VERIFIER), true, null, scope);
  }

  private Startups startups() {
    Names names =
        new Names(
            List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null)),
            Map.of("prod", new Names.SourceNames(Set.of("shop"), Set.of(TestClient.USER), 0)));
    CancelRegistry registry = new CancelRegistry();
    ServerConnector connector = new ServerConnector(new NioTransport(), LONG);
    return new Startups(
        new CurrentTls(),
        () -> names,
        () -> new AccessRules(null),
        new Throttle(() -> true, () -> LONG, () -> 0),
        new Authenticator((_, _, _) -> Optional.of(credential()), () -> true),
        new Sessions(
            _ -> {
              CompletableFuture<Lease> lease = new CompletableFuture<>();
              opened.add(lease);
              return lease;
            },
            connector,
            registry,
            new Clients(_ -> "pr-*"),
            new SessionLimit(() -> 10),
            () -> LONG,
            LONG),
        new Consoles(
            (_, _) -> {
              throw new AssertionError("nobody asked for the console");
            },
            registry,
            new Clients(_ -> "pr-*"),
            new SessionLimit(() -> 1)),
        new CancelRequests(registry, connector, 1, LONG, new CancelRate(1_000_000, 1_000_000)),
        () -> false);
  }

  @AfterEach
  void nothingIsLeft() {
    channels.forEach(AccountedChannel::closeAndAssertReleased);
  }

  @Test
  void aWrongPasswordIsToldAtOnceAFewTimesAndLaterAfterAPause() {
    for (int i = 0; i < 6; i++) {
      assertThat(fatal(guess("wrong"))).isEqualTo("28P01");
    }
    AccountedChannel seventh = guess("wrong");

    assertThat(seventh.written()).as("after 1 s").isEmpty();
    pass(seventh, 900);
    assertThat(seventh.written()).isEmpty();
    pass(seventh, 200);
    assertThat(fatal(seventh)).isEqualTo("28P01");
  }

  @Test
  void aRightPasswordWaitsAsLongAndThenGetsIn() {
    failUntilThereIsAPause();
    AccountedChannel client = guess(TestClient.PASSWORD);

    assertThat(client.written()).isEmpty();
    assertThat(client.config().isAutoRead()).isFalse();
    pass(client, 1100);
    assertThat(messages(client).getFirst()).isInstanceOf(AuthenticationOk.class);
    assertThat(client.config().isAutoRead()).isTrue();
    assertThat(opened).hasSize(1);
  }

  @Test
  void whoSetsAPasswordInAnEnvironmentGuessesNoFasterAtProductions() {
    failUntilThereIsAPause();
    scope = "clone-1";
    AccountedChannel own = guess(TestClient.PASSWORD);
    assertThat(messages(own).getFirst()).isInstanceOf(AuthenticationOk.class);

    scope = null;
    AccountedChannel client = guess("another guess");
    assertThat(client.written()).as("what counted was not cleared").isEmpty();
    pass(client, 1100);
    assertThat(fatal(client)).isEqualTo("28P01");
  }

  @Test
  void whoIsTurnedAwayHearsItInOtherWordsThanAWrongPassword() {
    failUntilSomebodyIsTurnedAway();
    AccountedChannel client = start();

    List<BackendMessage> messages = messages(client);
    assertThat(messages).hasSize(1);
    ErrorResponse error = (ErrorResponse) messages.getFirst();
    assertThat(error.sqlState()).isEqualTo("28000");
    assertThat(error.message()).isEqualTo("too many failed authentications from this address");
    assertThat(error.hint()).endsWith("connect again in 7 s.");
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void whatIsAnsweredTooLateIsNotAnswered() {
    AccountedChannel early = start();
    Bytes salt = salt(early);
    failUntilSomebodyIsTurnedAway();
    early.receive(answer(TestClient.PASSWORD, salt));

    assertThat(fatal(early)).isEqualTo("28000");
    assertThat(opened).isEmpty();
  }

  @Test
  void theDeadlineEndsThePause() {
    failUntilThereIsAPause();
    AccountedChannel client = guess(TestClient.PASSWORD);
    client.pipeline().fireUserEventTriggered(ConnectionEvent.DEADLINE_EXPIRED);

    assertThat(fatal(client)).isEqualTo("57014");
    pass(client, 2000);
    assertThat(opened).isEmpty();
  }

  @Test
  void whoLeavesDuringThePauseIsForgotten() {
    failUntilThereIsAPause();
    AccountedChannel client = guess(TestClient.PASSWORD);
    Channels.close(client);
    pass(client, 2000);

    assertThat(opened).isEmpty();
  }

  @Test
  void whatIsSentDuringThePauseIsKept() {
    failUntilThereIsAPause();
    AccountedChannel client = guess(TestClient.PASSWORD);
    client.receive(Wire.message('X', ""));

    assertThat(client.isOpen()).isTrue();
    pass(client, 1100);
    assertThat(client.isOpen()).as("it said goodbye").isFalse();
    assertThat(opened).hasSize(1).allMatch(CompletableFuture::isCancelled);
  }

  private void failUntilThereIsAPause() {
    for (int i = 0; i < 6; i++) {
      guess("wrong");
    }
  }

  private void failUntilSomebodyIsTurnedAway() {
    for (int i = 0; i < 8; i++) {
      guess("wrong");
    }
  }

  /** Up to sending the password; what is written after it is not read. */
  private AccountedChannel guess(String password) {
    AccountedChannel client = start();
    client.receive(answer(password, salt(client)));
    return client;
  }

  private AccountedChannel start() {
    AccountedChannel client = new AccountedChannel();
    client.freezeTime();
    channels.add(client);
    Arrival arrival = new Arrival(entrance, LONG, startups::firstPhase);
    client.with(arrival);
    client.pipeline().fireChannelActive();
    client.receive(Wire.bytes(TestClient.startupMessage(0, Map.of())::encode));
    return client;
  }

  private static Bytes salt(AccountedChannel client) {
    return ((AuthenticationMD5Password) messages(client).getFirst()).salt();
  }

  private static byte[] answer(String password, Bytes salt) {
    return TestClient.answer(password, salt);
  }

  private static void pass(AccountedChannel client, long millis) {
    client.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    client.runScheduledPendingTasks();
    client.runPendingTasks();
  }

  private static String fatal(AccountedChannel client) {
    return String.valueOf(((ErrorResponse) messages(client).getLast()).sqlState());
  }

  private static List<BackendMessage> messages(AccountedChannel client) {
    ByteBuf written = Unpooled.wrappedBuffer(client.written());
    List<BackendMessage> messages = new ArrayList<>();
    while (written.isReadable()) {
      Frame frame = requireNonNull(Frame.decode(written, BackendMessageDecoder.MAXIMUM_LENGTH));
      messages.add(BackendMessageDecoder.decode(frame));
    }
    return messages;
  }
}
