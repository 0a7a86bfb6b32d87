package dev.understudy.proxy.authenticate;

import dev.understudy.config.Secret;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The iteration count that most verifiers of a store have: what it makes up must have it too. */
public final class UsualIterations {
  private UsualIterations() {}

  /**
   * The most frequent one, of several such the smallest.
   *
   * @param passwords of any kind
   * @return empty if there is no SCRAM verifier among them
   */
  public static OptionalInt of(Collection<Secret> passwords) {
    Map<Integer, Long> frequencies =
        passwords.stream()
            .map(StoredPassword::of)
            .filter(StoredPassword.Scram.class::isInstance)
            .map(password -> ((StoredPassword.Scram) password).verifier().iterations())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return frequencies.entrySet().stream()
        .max(
            Map.Entry.<Integer, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(most -> OptionalInt.of(most.getKey()))
        .orElseGet(OptionalInt::empty);
  }
}
