package dev.understudy.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsualIterationsTest {
  @Test
  void mostDecide() {
    assertThat(UsualIterations.of(verifiers(4096, 15_000, 15_000))).hasValue(15_000);
    assertThat(UsualIterations.of(verifiers(20_000, 10_000, 20_000, 10_000, 5))).hasValue(10_000);
  }

  @Test
  void whateverIsNoVerifierDoesNotCount() {
    List<Secret> passwords = verifiers(7);
    passwords.add(new Secret("md5" + "0".repeat(32)));
    passwords.add(new Secret("plain"));
    passwords.add(new Secret("SCRAM-SHA-256$nonsense"));

    assertThat(UsualIterations.of(passwords)).hasValue(7);
    passwords.removeFirst();
    assertThat(UsualIterations.of(passwords)).isEmpty();
  }

  private static List<Secret> verifiers(int... iterations) {
    Bytes key = Bytes.of(new byte[ScramVerifier.KEY_LENGTH]);
    List<Secret> verifiers = new ArrayList<>();
    for (int count : iterations) {
      verifiers.add(new ScramVerifier(count, Bytes.utf8("salt"), key, key).text());
    }
    return verifiers;
  }
}
