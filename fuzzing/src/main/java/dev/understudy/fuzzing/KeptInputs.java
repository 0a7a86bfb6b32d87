package dev.understudy.fuzzing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Inputs that fuzzing found interesting, from {@code <Class>.base64} beside the class of a fuzz
 * test, one a line. Every build runs them, and fuzzing begins with them.
 */
public final class KeptInputs implements ArgumentsProvider {
  static final String SUFFIX = ".base64";

  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return of(context.getRequiredTestClass()).map(input -> Arguments.of((Object) input));
  }

  /** None where nothing has been kept yet. */
  static Stream<byte[]> of(Class<?> test) {
    try (InputStream in = test.getResourceAsStream(test.getSimpleName() + SUFFIX)) {
      return in == null
          ? Stream.empty()
          : new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(Base64.getDecoder()::decode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
