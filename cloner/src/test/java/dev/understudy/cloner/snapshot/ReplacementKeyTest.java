package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReplacementKeyTest {
  private static final String KEY = ReplacementKey.next();

  @Test
  void verifiersLookLikePostgresqlsOwn() {
    assertThat(ReplacementKey.verifier(KEY, "app"))
        .matches("SCRAM-SHA-256\\$4096:[A-Za-z0-9+/]{22}==\\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=")
        .hasSize(133);
  }

  @Test
  void oneRoleAlwaysHasTheSameAndAnotherNever() {
    assertThat(ReplacementKey.verifier(KEY, "app")).isEqualTo(ReplacementKey.verifier(KEY, "app"));

    Set<String> parts = new HashSet<>();
    for (String key : List.of(KEY, ReplacementKey.next())) {
      for (String role : List.of("app", "App", "ünï", "")) {
        String verifier = ReplacementKey.verifier(key, role);
        parts.addAll(List.of(verifier.substring("SCRAM-SHA-256$4096:".length()).split("[$:]", -1)));
      }
    }
    assertThat(parts).hasSize(2 * 4 * 3);
  }
}
