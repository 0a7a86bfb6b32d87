package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramClient.NONCE;
import static dev.understudy.proxy.authenticate.ScramClient.bytes;
import static dev.understudy.proxy.authenticate.ScramClient.initial;
import static dev.understudy.proxy.authenticate.ScramClient.response;
import static dev.understudy.proxy.authenticate.ScramClient.serverFirst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationSASL;
import dev.understudy.proxy.authenticate.Step.Accepted;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelBindingTest {
  private static final String PLUS = "SCRAM-SHA-256-PLUS";
  private static final String HEADER = "p=tls-server-end-point,,";
  private static final String BARE = "n=user,r=" + NONCE;
  private static final Bytes SEEN = Bytes.utf8("what the client has seen");
  private static final ScramVerifier VERIFIER =
      ScramVerifier.derive(new Secret("pencil"), Bytes.utf8("salt"), 2);

  private final ScramClient client = new ScramClient("pencil");
  private final Authentication authentication =
      new ScramAuthentication(
          VERIFIER, new Verdict("user", "app", null), new ChannelBinding(SEEN), new SecureRandom());

  @Test
  void isOfferedBeforeWhatDoesWithout() {
    assertThat(authentication.request())
        .isEqualTo(new AuthenticationSASL(List.of(PLUS, "SCRAM-SHA-256")));
  }

  @Test
  void letsInWhoHasSeenTheCertificate() {
    String serverFirst = begin(HEADER);

    assertThat(
            authentication.answer(
                response(
                    client.clientFinal(seen("what the client has seen"), BARE, serverFirst, ""))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void refusesWhoHasSeenAnotherOne() {
    for (String wrong : List.of(seen("what somebody between showed"), seen(""), "biws", "")) {
      Authentication exchange =
          new ScramAuthentication(
              VERIFIER,
              new Verdict("user", "app", null),
              new ChannelBinding(SEEN),
              new SecureRandom());
      String serverFirst = serverFirst(exchange.answer(initial(PLUS, bytes(HEADER + BARE))));
      String message = client.clientFinal(wrong, BARE, serverFirst, "");

      assertRefusal(
          () -> exchange.answer(response(message)), "28000", "SCRAM channel binding check failed");
    }
  }

  @Test
  void letsInWhoCannotBind() {
    String serverFirst = serverFirst(authentication.answer(initial("n,," + BARE)));

    assertThat(authentication.answer(response(client.clientFinal("biws", BARE, serverFirst, ""))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void refusesWhoCouldBindAndWasTalkedOutOfIt() {
    assertRefusal(
        () -> authentication.answer(initial("y,," + BARE)),
        "28000",
        "The client supports SCRAM channel binding but thinks the server does not.  However, this"
            + " server does support channel binding.");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          n,,|The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.
          y,,|The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.
          p=tls-unique,,|unsupported SCRAM channel-binding type
          p,,|Expected character "=" for attribute "p".
          x,,|Unexpected channel-binding flag "x".
          """)
  void refusesOtherHeaders(String header, String words) {
    assertRefusal(() -> authentication.answer(initial(PLUS, bytes(header + BARE))), "08P01", words);
  }

  @Test
  void refusesABindingOfTheMechanismWithoutOne() {
    assertRefusal(
        () -> authentication.answer(initial(HEADER + BARE)),
        "08P01",
        "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes"
            + " channel binding data.");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa2048, SHA256withRSA, SHA-256",
    "rsa2048, SHA384withRSA, SHA-384",
    "ecp384, SHA384withECDSA, SHA-384"
  })
  void isTheHashThatTheSignatureUses(Algorithm algorithm, String signature, String hash)
      throws Exception {
    X509Certificate certificate = issue(algorithm, signature);

    assertThat(ChannelBinding.to(certificate))
        .isEqualTo(
            new ChannelBinding(
                Bytes.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()))));
  }

  @Test
  void isSha256WhereTheSignatureUsesAHashThatIsBroken(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("old.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "old",
                "-keyalg",
                "RSA",
                "-sigalg",
                "SHA1withRSA",
                "-dname",
                "CN=localhost",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    X509Certificate certificate =
        (X509Certificate)
            KeyStore.getInstance(store.toFile(), "changeit".toCharArray()).getCertificate("old");

    assertThat(certificate.getSigAlgName()).isEqualTo("SHA1withRSA");
    assertThat(ChannelBinding.to(certificate))
        .isEqualTo(
            new ChannelBinding(
                Bytes.of(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()))));
  }

  @Test
  void isUndefinedForASignatureWithoutAHash() throws Exception {
    assertThat(ChannelBinding.to(issue(Algorithm.ed25519, "Ed25519"))).isNull();
  }

  private static X509Certificate issue(Algorithm algorithm, String signature) throws Exception {
    X509Bundle root =
        new CertificateBuilder()
            .subject("CN=root")
            .setIsCertificateAuthority(true)
            .algorithm(algorithm)
            .buildSelfSigned();
    return new CertificateBuilder()
        .subject("CN=localhost")
        .algorithm(Algorithm.ecp256)
        .buildIssuedBy(root, signature)
        .getCertificate();
  }

  private String begin(String header) {
    return serverFirst(authentication.answer(initial(PLUS, bytes(header + BARE))));
  }

  private static String seen(String endPoint) {
    return Base64.getEncoder().encodeToString(bytes(HEADER + endPoint).toArray());
  }

  private static void assertRefusal(Runnable exchange, String sqlState, String words) {
    ProtocolException e = catchThrowableOfType(ProtocolException.class, exchange::run);
    assertThat(e.sqlState()).isEqualTo(sqlState);
    assertThat(e.detail() == null ? e.message() : e.detail()).isEqualTo(words);
  }
}
