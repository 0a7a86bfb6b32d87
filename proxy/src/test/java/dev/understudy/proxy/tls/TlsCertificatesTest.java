package dev.understudy.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Tls;
import dev.understudy.config.TlsEngine;
import dev.understudy.proxy.testing.TestAuthority;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = TlsEngine.class,
    names = {"JDK", "BORINGSSL"})
class TlsCertificatesTest {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  @TempDir private Path directory;
  private TestAuthority authority;

  @Parameter TlsEngine engine = TlsEngine.AUTO;

  @BeforeEach
  void establish() {
    authority = new TestAuthority(directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"ecp256", "ecp384", "rsa2048"})
  void readsWhatPeopleHave(Algorithm algorithm) throws Exception {
    authority.issue(algorithm);

    try (TlsCertificates certificates =
        new TlsCertificates(authority.tls(false, engine), INTERVAL)) {
      certificates.open();

      assertThat(certificates.of(null).binding()).isNotNull();
    }
  }

  @Test
  void warnsOnceOfFilesThatCannotBeUsedAndKeepsWhatItHas() throws Exception {
    authority.issue(Algorithm.ecp256);
    Logger logger = (Logger) LoggerFactory.getLogger(WatchedCertificate.class);
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.start();
    logger.addAppender(written);
    try (TlsCertificates certificates =
        new TlsCertificates(authority.tls(false, engine), INTERVAL)) {
      certificates.open();
      TlsCertificate first = certificates.of(null);
      TestAuthority.write(authority.certificateFile(), "half of a cert");
      while (written.list.isEmpty()) {
        Thread.sleep(INTERVAL);
      }
      Thread.sleep(10 * INTERVAL.toMillis());

      assertThat(certificates.of(null)).isSameAs(first);
      assertThat(written.list)
          .singleElement()
          .satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage())
                .startsWith("The certificate in use stays: listen.tls.certificate: ")
                .contains("holds no certificate");
          });

      authority.issue(Algorithm.ecp256);
      while (certificates.of(null).equals(first)) {
        Thread.sleep(INTERVAL);
      }
    } finally {
      logger.detachAppender(written);
    }
  }

  @Test
  void saysOnceWhatTlsIsDoneBy() throws Exception {
    authority.issue(Algorithm.ecp256);
    Logger logger = (Logger) LoggerFactory.getLogger(TlsCertificates.class);
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.start();
    logger.addAppender(written);
    logger.setLevel(Level.INFO);
    try (TlsCertificates certificates = new TlsCertificates(authority.tls(false, engine))) {
      certificates.open();
    } finally {
      logger.setLevel(null);
      logger.detachAppender(written);
    }

    assertThat(written.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("TLS by " + (engine == TlsEngine.JDK ? "the JDK" : "BoringSSL"));
    assertThat(Engine.of(engine)).hasToString(engine == TlsEngine.JDK ? "the JDK" : "BoringSSL");
    assertThat(Engine.of(TlsEngine.AUTO)).isEqualTo(Engine.BORINGSSL);
  }

  @Test
  void givesBackWhatNobodyUsesAnyMore() throws Exception {
    authority.issue(Algorithm.ecp256);
    authority.issue("other", Algorithm.ecp256, "other.test");
    Tls tls =
        new Tls(
            authority.tls(false).certificate(),
            List.of(authority.files("other")),
            null,
            false,
            engine);
    TlsCertificates certificates = new TlsCertificates(tls, INTERVAL);
    certificates.open();
    TlsCertificate first = certificates.of(null);
    TlsCertificate other = certificates.of("other.test");
    assertThat(certificates.hold()).isTrue();
    SslHandler begun = certificates.offer(null, ByteBufAllocator.DEFAULT).tls();

    authority.issue(Algorithm.ecp256);
    while (certificates.of(null).equals(first)) {
      Thread.sleep(INTERVAL);
    }
    TlsCertificate second = certificates.of(null);
    assertReferences(first, 1); // of the handshake
    ReferenceCountUtil.release(begun.engine());
    assertReferences(first, 0);
    assertReferences(other, 1);

    certificates.close();
    assertReferences(second, 1);
    assertThat(certificates.hold()).as("another one").isTrue();
    certificates.letGo();
    certificates.letGo();
    assertReferences(second, 0);
    assertReferences(other, 0);
    assertThat(certificates.hold()).isFalse();
    certificates.close();
  }

  /** What was not would be told of at the end of the class. */
  @Test
  void givesBackWhatWasReadBeforeAnotherCouldNotBe() throws Exception {
    authority.issue(Algorithm.ecp256);
    authority.issue("nameless", Algorithm.ecp256);
    Tls tls =
        new Tls(
            authority.tls(false).certificate(),
            List.of(authority.files("nameless")),
            null,
            false,
            engine);

    try (TlsCertificates certificates = new TlsCertificates(tls, INTERVAL)) {
      assertThatThrownBy(certificates::open).isInstanceOf(TlsException.class);
    }
    assertThatThrownBy(() -> TlsCertificates.requireUsable(tls)).isInstanceOf(TlsException.class);
  }

  private void assertReferences(TlsCertificate certificate, int count) {
    if (engine == TlsEngine.BORINGSSL) {
      assertThat(ReferenceCountUtil.refCnt(certificate.context())).isEqualTo(count);
    }
  }

  @Test
  void warnsOfADomainThatNoCertificateIsFor() throws Exception {
    authority.issue(Algorithm.ecp256);
    authority.issue("wildcard", Algorithm.ecp256, "*.DB.test");
    CertificateFiles first = authority.tls(false).certificate();
    CertificateFiles wildcard = authority.files("wildcard");

    assertThat(warnings(new Tls(first, List.of(), "db.test", false, engine)))
        .singleElement()
        .asString()
        .startsWith("No certificate is for *.db.test: ");
    assertThat(warnings(new Tls(first, List.of(wildcard), "db.test", false, engine))).isEmpty();
    assertThat(warnings(new Tls(wildcard, List.of(), "db.test", false, engine))).isEmpty();
    assertThat(warnings(new Tls(first, List.of(), null, false, engine))).isEmpty();
  }

  private List<String> warnings(Tls tls) throws TlsException {
    Logger logger = (Logger) LoggerFactory.getLogger(TlsCertificates.class);
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.start();
    logger.addAppender(written);
    try (TlsCertificates certificates = new TlsCertificates(tls, INTERVAL)) {
      certificates.open();
    } finally {
      logger.detachAppender(written);
    }
    return written.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void saysWhatIsWrongAndNothingOfTheKey() throws Exception {
    authority.issue(Algorithm.ecp256);
    X509Bundle other = authority.bundle(Algorithm.ecp256);
    String key = Files.readString(authority.privateKeyFile());
    byte[] encoded = other.getKeyPair().getPrivate().getEncoded();
    String body = Base64.getMimeEncoder().encodeToString(encoded);

    assertProblem(other.getPrivateKeyPEM(), "is not the private key of the certificate in");
    assertProblem(
        authority.bundle(Algorithm.rsa2048).getPrivateKeyPEM(),
        "is no private key of the kind that the certificate is for (EC)");
    assertProblem(key.replace("PRIVATE KEY", "EC PRIVATE KEY"), "in a form other than PKCS#8");
    assertProblem(key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "is encrypted, or");
    assertProblem("", "holds no private key");
    assertProblem(
        "-----BEGIN PRIVATE KEY-----\n" + body.substring(0, 40) + "\n-----END PRIVATE KEY-----\n",
        "is no private key of the kind");
    Files.delete(authority.privateKeyFile());
    assertThat(problem().getMessage()).endsWith(authority.privateKeyFile() + " is not there");
  }

  @Test
  void refusesAKindOfKeyThatClientsDoNotKnow() {
    authority.issue(Algorithm.ed25519);

    assertThat(problem().hint()).isEqualTo("use one for an RSA or EC key");
  }

  private void assertProblem(String privateKey, String words) {
    TestAuthority.write(authority.privateKeyFile(), privateKey);
    TlsException problem = problem();
    assertThat(problem.getMessage())
        .startsWith("listen.tls.private-key: " + authority.privateKeyFile() + " ")
        .contains(words);
    assertThat(problem.hint()).isNotBlank();
    assertThat(privateKey.lines().filter(line -> !line.startsWith("-")))
        .noneMatch(line -> (problem.getMessage() + problem.hint()).contains(line));
  }

  private TlsException problem() {
    return catchThrowableOfType(
        TlsException.class, () -> TlsCertificates.requireUsable(authority.tls(false, engine)));
  }
}
