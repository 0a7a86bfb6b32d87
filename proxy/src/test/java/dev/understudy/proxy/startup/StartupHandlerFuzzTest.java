package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.AuthenticationSASLContinue;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.access.AccessRules;
import dev.understudy.proxy.authenticate.Authenticator;
import dev.understudy.proxy.cancel.CancelRate;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.cancel.CancelRequests;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.console.Consoles;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.listen.Doorway;
import dev.understudy.proxy.listen.Entrance;
import dev.understudy.proxy.listen.Porch;
import dev.understudy.proxy.listen.Regrets;
import dev.understudy.proxy.listen.SessionLimit;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.session.Sessions;
import dev.understudy.proxy.testing.AccountedChannel;
import dev.understudy.proxy.testing.Pieces;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.proxy.tls.CurrentTls;
import dev.understudy.proxy.transport.NioTransport;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a client can say which is not let in, over a connection without encryption. */
class StartupHandlerFuzzTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Startups STARTUPS = startups();

  private static Startups startups() {
    Names names =
        new Names(
            List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null)),
            Map.of("prod", new Names.SourceNames(Set.of("shop"), Set.of("app"), 2)));
    CancelRegistry registry = new CancelRegistry();
    ServerConnector connector = new ServerConnector(new NioTransport(), LONG);
    return new Startups(
        new CurrentTls(),
        () -> names,
        () -> new AccessRules(null),
        new Throttle(() -> false, () -> LONG),
        new Authenticator((_, _, _) -> Optional.empty(), () -> false),
        new Sessions(
            _ -> CompletableFuture.failedFuture(new AssertionError("somebody was let in")),
            connector,
            registry,
            new Clients(_ -> "pr-*"),
            new SessionLimit(() -> 1),
            () -> LONG,
            LONG),
        new Consoles(
            (_, _) -> {
              throw new AssertionError("somebody was let in");
            },
            registry,
            new Clients(_ -> "pr-*"),
            new SessionLimit(() -> 1)),
        new CancelRequests(registry, connector, 1, LONG, new CancelRate(1_000_000, 1_000_000)),
        () -> false);
  }

  static Stream<byte[]> seeds() {
    String login = "\0\0\0\41\0\3\0\0user\0app\0database\0@pr-1\0\0";
    String first = "p\0\0\0\45SCRAM-SHA-256\0\0\0\0\17n,,n=,r=abcdefg";
    return Stream.of(
            "\0\0\0\10\4\u00d2\26\57" + "\0\0\0\10\4\u00d2\26\60" + login,
            "\0\0\0\20\4\u00d2\26\56\0\0\0\1abcd",
            login,
            login + first,
            login + first + "p\0\0\0\15c=biws,r=",
            login.replace("\0\3\0\0", "\0\3\0\2"),
            login + "X\0\0\0\4")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    List<String> whole = answers(List.of(bytes));
    List<String> pieces = answers(Pieces.two(bytes));
    // Who does not wait for the answer to a request for encryption is refused.
    if (!whole.getFirst().startsWith("N")) {
      assertThat(pieces).isEqualTo(whole);
    }
  }

  private static List<String> answers(List<byte[]> pieces) {
    AccountedChannel client = new AccountedChannel();
    Arrival arrival =
        new Arrival(
            new Entrance(new Porch(1), new Doorway(1, 1, 1, LONG), new Regrets(1, _ -> {})),
            LONG,
            STARTUPS::firstPhase);
    client.with(arrival);
    client.pipeline().fireChannelActive();
    for (byte[] piece : pieces) {
      if (client.isOpen()) {
        client.receive(piece);
      }
    }
    List<String> answers = read(Unpooled.wrappedBuffer(client.written()));
    client.closeAndAssertReleased();
    return answers;
  }

  /** The refusals of encryption, and then the messages but for what is random in them. */
  private static List<String> read(ByteBuf written) {
    List<String> answers = new ArrayList<>();
    StringBuilder declined = new StringBuilder();
    while (written.isReadable() && written.getByte(written.readerIndex()) == 'N') {
      declined.append((char) written.readByte());
    }
    answers.add(declined.toString());
    while (written.isReadable()) {
      Frame frame = requireNonNull(Frame.decode(written, BackendMessageDecoder.MAXIMUM_LENGTH));
      answers.add(shown(BackendMessageDecoder.decode(frame)));
    }
    return answers;
  }

  private static String shown(BackendMessage message) {
    return switch (message) {
      case AuthenticationSASLContinue _ -> "challenge";
      case ErrorResponse error -> {
        assertThat(error.sqlState()).isNotEqualTo(SqlState.SYSTEM_ERROR);
        yield error.fields().toString();
      }
      default -> message.toString();
    };
  }
}
