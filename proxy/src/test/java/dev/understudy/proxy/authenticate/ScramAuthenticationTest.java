package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramClient.NONCE;
import static dev.understudy.proxy.authenticate.ScramClient.bytes;
import static dev.understudy.proxy.authenticate.ScramClient.initial;
import static dev.understudy.proxy.authenticate.ScramClient.response;
import static dev.understudy.proxy.authenticate.ScramClient.serverFirst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationSASLContinue;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.proxy.authenticate.Step.Accepted;
import dev.understudy.proxy.authenticate.Step.Challenge;
import dev.understudy.proxy.authenticate.Step.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramAuthenticationTest {
  private static final ScramVerifier VERIFIER =
      ScramVerifier.derive(new Secret("pencil"), Bytes.utf8("salt"), 2);
  private static final String BARE = "n=user,r=" + NONCE;

  private final ScramClient client = new ScramClient("pencil");
  private final Authentication authentication = begin();

  private static Authentication begin() {
    return new ScramAuthentication(
        VERIFIER, new Verdict("user", "app", null), null, new SecureRandom());
  }

  @ParameterizedTest
  @CsvSource({"'n,,',biws", "'y,,',eSws"})
  void takesBothFlagsOfClientsWithoutChannelBinding(String header, String channelBinding) {
    String serverFirst = serverFirst(authentication.answer(initial(header + BARE)));

    assertThat(serverFirst).startsWith("r=" + NONCE).endsWith(",s=c2FsdA==,i=2");
    assertThat(
            authentication.answer(
                response(client.clientFinal(channelBinding, BARE, serverFirst, ""))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void neverRepeatsANonce() {
    assertThat(serverFirst(begin().answer(initial("n,," + BARE))))
        .isNotEqualTo(serverFirst(begin().answer(initial("n,," + BARE))));
  }

  @Test
  void signsWhatWasSentWhateverItsEncoding() {
    String bare = "n=gr\u00FCn\u00FF,r=" + NONCE + ",x=\u0080";
    String serverFirst = serverFirst(authentication.answer(initial("n,," + bare)));

    Step step =
        authentication.answer(response(client.clientFinal("biws", bare, serverFirst, ",y=\u00E9")));

    assertThat(step).isInstanceOf(Accepted.class);
  }

  @Test
  void asksAgainWhereTheClientSendsNothingFirst() {
    ByteBufBody body = new ByteBufBody("SCRAM-SHA-256", -1);

    assertThat(authentication.answer(body.response()))
        .isEqualTo(new Challenge(new AuthenticationSASLContinue(Bytes.EMPTY)));
    String serverFirst = serverFirst(authentication.answer(response("n,," + BARE)));
    assertThat(authentication.answer(response(client.clientFinal("biws", BARE, serverFirst, ""))))
        .isInstanceOf(Accepted.class);
  }

  /** A SASLInitialResponse whose length may say anything. */
  private record ByteBufBody(String mechanism, int length) {
    AuthenticationResponse response() {
      byte[] name = mechanism.getBytes(StandardCharsets.US_ASCII);
      ByteBuffer body = ByteBuffer.allocate(name.length + 5);
      body.put(name).put((byte) 0).putInt(length);
      return new AuthenticationResponse(Bytes.of(body.array()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          ``|08P01|The message is empty.
          x,,n=,r=a|08P01|Unexpected channel-binding flag "x".
          p=tls-server-end-point,,n=,r=a|08P01|The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.
          n|08P01|Comma expected, but found character "0x00".
          nn,n=,r=a|08P01|Comma expected, but found character "n".
          n,a=joe,n=,r=a|0A000|client uses authorization identity, but it is not supported
          n,x,n=,r=a|08P01|Unexpected attribute "x" in client-first-message.
          n,,m=1,n=,r=a|0A000|client requires an unsupported SCRAM extension
          n,,x=,r=a|08P01|Expected attribute "n" but found "x".
          n,,n,r=a|08P01|Expected character "=" for attribute "n".
          n,,n=user|08P01|Expected attribute "r" but found "0x00".
          n,,n=,r=a b|08P01|non-printable characters in SCRAM nonce
          n,,n=,r=a,1=2|08P01|Attribute expected, but found invalid character "1".
          n,,n=,r=a,b|08P01|Expected character "=" for attribute "b".
          """)
  void refusesMalformedFirstMessages(String message, String sqlState, String words) {
    assertRefusal(() -> authentication.answer(initial(message)), sqlState, words);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          c=eSws,r=%s,p=%s|unexpected SCRAM channel-binding attribute in client-final-message
          c=,r=%s,p=%s|unexpected SCRAM channel-binding attribute in client-final-message
          r=%s,p=%s|Expected attribute "c" but found "r".
          c=biws,p=%s|Expected attribute "r" but found "p".
          c=biws,r=%s|Attribute expected, but found end of string.
          c=biws,r=%s,|Attribute expected, but found end of string.
          c=biws,r=%s,p=|Malformed proof in client-final-message.
          c=biws,r=%s,p=AQI=|Malformed proof in client-final-message.
          c=biws,r=%s,p=!!!!|Malformed proof in client-final-message.
          c=biws,r=%s,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ|Malformed proof in client-final-message.
          c=biws,r=%s,p=%s,x=y|Garbage found at the end of client-final-message.
          c=biws,r=other,p=%2$s|Nonce does not match.
          c=biws,r=%1$sX,p=%2$s|Nonce does not match.
          c=biws,r=,p=%2$s|Nonce does not match.
          """)
  void refusesMalformedFinalMessages(String template, String words) {
    String serverFirst = serverFirst(authentication.answer(initial("n,," + BARE)));
    String nonce = ScramClient.attribute(serverFirst, 0);
    String proof = Base64.getEncoder().encodeToString(new byte[32]);
    String message = template.formatted(nonce, proof);

    assertRefusal(() -> authentication.answer(response(message)), "08P01", words);
  }

  @Test
  void refusesAProofOfAnotherExchange() {
    String serverFirst = serverFirst(authentication.answer(initial("n,," + BARE)));
    String replayed = client.clientFinal("biws", BARE + ",x=y", serverFirst, "");

    assertThat(authentication.answer(response(replayed))).isInstanceOf(Rejected.class);
  }

  @Test
  void acceptsNothingAtAllInADoomedExchange() {
    // Even a client that somehow knows the mock's keys fails.
    Authentication doomed =
        new ScramAuthentication(
            VERIFIER, new Verdict("user", "app", "it may not"), null, new SecureRandom());

    assertThat(client.authenticate(doomed))
        .extracting(step -> ((Rejected) step).reason())
        .isEqualTo("it may not");
  }

  @Test
  void refusesOtherMechanisms() {
    for (String mechanism : new String[] {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", ""}) {
      assertRefusal(
          () -> begin().answer(initial(mechanism, bytes("n,," + BARE))),
          "08P01",
          "client selected an invalid SASL authentication mechanism");
    }
  }

  @ParameterizedTest
  @CsvSource({"-2", "1", "2147483647", "-2147483648"})
  void refusesLengthsThatLie(int length) {
    assertRefusal(
        () -> authentication.answer(new ByteBufBody("SCRAM-SHA-256", length).response()),
        "08P01",
        "insufficient data left in message");
  }

  @Test
  void isOverAfterAnythingMalformed() {
    assertThatThrownBy(() -> authentication.answer(initial("garbage")))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> authentication.answer(initial("n,," + BARE)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void letsOutOnlyProtocolExceptionsForRandomBytes() {
    Random random = new Random(42);
    String alphabet = "nyp,=abcrmCR+/=09\u0000\u00FF ";
    for (int i = 0; i < 20_000; i++) {
      Authentication fuzzed = begin();
      try {
        serverFirst(fuzzed.answer(initial("n,," + BARE)));
        String text = i % 2 == 0 ? "" : "c=biws,r=" + NONCE;
        Step step = fuzzed.answer(response(text + randomText(random, alphabet)));
        assertThat(step).isInstanceOf(Rejected.class);
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).hasSize(5);
      }
      try {
        fuzzed = begin();
        fuzzed.answer(
            i % 2 == 0
                ? initial(randomText(random, alphabet))
                : new AuthenticationResponse(bytes(randomText(random, alphabet))));
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).hasSize(5);
      }
    }
  }

  private static String randomText(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static void assertRefusal(Runnable exchange, String sqlState, String words) {
    ProtocolException e = catchThrowableOfType(ProtocolException.class, exchange::run);
    assertThat(e.sqlState()).isEqualTo(sqlState);
    assertThat(e.detail() == null ? e.message() : e.detail()).isEqualTo(words);
  }
}
