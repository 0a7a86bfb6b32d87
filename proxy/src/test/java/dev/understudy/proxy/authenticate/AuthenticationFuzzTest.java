package dev.understudy.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.config.Secret;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges of any messages, begun from one that succeeds: the server's nonce never changes. */
class AuthenticationFuzzTest {
  private static final ScramVerifier VERIFIER =
      ScramVerifier.derive(new Secret("pencil"), Bytes.utf8("salt"), 2);
  private static final Secret MD5 = new Secret("md5" + "0a".repeat(16));
  private static final String BARE = "n=,r=" + ScramClient.NONCE;

  private static final byte DOOMED = 'd';
  private static final byte PLAIN = 's';
  private static final byte HASHED = 'm';

  static Stream<byte[]> seeds() {
    AuthenticationResponse first = ScramClient.initial("n,," + BARE);
    String challenge = ScramClient.serverFirst(begin(PLAIN).answer(first));
    AuthenticationResponse last =
        ScramClient.response(new ScramClient("pencil").clientFinal("biws", BARE, challenge, ""));
    AuthenticationResponse nothing =
        ScramClient.initial(ScramAuthentication.MECHANISM, Bytes.EMPTY);
    return Stream.of(
        input(PLAIN, first, last),
        input(DOOMED, first, last),
        input(PLAIN, first, first),
        input(PLAIN, nothing, ScramClient.response("n,," + BARE), last),
        input(HASHED, ScramClient.response("md5" + "0".repeat(32) + "\0")),
        input(HASHED, ScramClient.response("\0")));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void answer(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte kind = bytes[0];
    Authentication authentication = begin(kind);
    ByteBuf in = Unpooled.wrappedBuffer(bytes).skipBytes(1);
    try {
      Step step = new Step.Challenge(authentication.request());
      while (step instanceof Step.Challenge(AuthenticationRequest request)) {
        assertCanBeSent(request);
        AuthenticationResponse response = AuthenticationResponse.decode(in);
        if (response == null) {
          return;
        }
        step = authentication.answer(response);
      }
      if (step instanceof Step.Accepted accepted) {
        assertThat(kind).isNotEqualTo(DOOMED);
        assertThat(accepted.role()).isEqualTo("app");
        accepted.last().forEach(AuthenticationFuzzTest::assertCanBeSent);
      }
    } catch (ProtocolException e) {
      assertThat(e.sqlState()).hasSize(5);
    }
  }

  private static void assertCanBeSent(AuthenticationRequest request) {
    ByteBuf out = Unpooled.buffer();
    request.encode(out);
    Frame frame = Frame.decode(out, BackendMessageDecoder.MAXIMUM_LENGTH);
    assertThat(frame).isNotNull();
    assertThat(BackendMessageDecoder.decode(frame)).isEqualTo(request);
  }

  private static Authentication begin(byte kind) {
    return switch (kind) {
      case HASHED -> new Md5Authentication(MD5, verdict(null), new NoRandom());
      case DOOMED -> new ScramAuthentication(VERIFIER, verdict("it may not"), null, new NoRandom());
      default -> new ScramAuthentication(VERIFIER, verdict(null), null, new NoRandom());
    };
  }

  private static Verdict verdict(@Nullable String doom) {
    return new Verdict("user", "app", doom);
  }

  private static byte[] input(byte kind, AuthenticationResponse... responses) {
    ByteBuf out = Unpooled.buffer().writeByte(kind);
    List.of(responses).forEach(response -> response.encode(out));
    return Arrays.copyOf(out.array(), out.readableBytes());
  }

  private static final class NoRandom extends SecureRandom {
    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
