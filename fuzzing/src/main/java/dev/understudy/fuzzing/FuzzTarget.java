package dev.understudy.fuzzing;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** A fuzz test whose inputs come from another one than JUnit. */
public final class FuzzTarget {
  private final Class<?> type;
  private final Object test;
  private final Method method;

  /** Bound to one method, as Jazzer fuzzes one in a class. */
  private FuzzTarget(Class<?> type) {
    this.type = type;
    this.test = ReflectionSupport.newInstance(type);
    this.method = annotated(type).getFirst();
    method.setAccessible(true);
  }

  /** All on the class path, by name. */
  public static List<FuzzTarget> all() {
    return ReflectionSupport.findAllClassesInPackage(
            "dev.understudy",
            type -> type.getSimpleName().endsWith("FuzzTest") && !annotated(type).isEmpty(),
            name -> name.endsWith("FuzzTest"))
        .stream()
        .sorted(Comparator.comparing(Class::getName))
        .map(FuzzTarget::new)
        .toList();
  }

  private static List<Method> annotated(Class<?> type) {
    return AnnotationSupport.findAnnotatedMethods(
        type, FuzzTest.class, HierarchyTraversalMode.TOP_DOWN);
  }

  /**
   * Does what JUnit does before the tests of a class.
   *
   * @param directory for the temporary ones; stays the caller's
   */
  public void open(Path directory) throws IOException {
    try {
      for (Field field : AnnotationSupport.findAnnotatedFields(type, TempDir.class)) {
        field.setAccessible(true);
        field.set(null, Files.createDirectories(directory.resolve(type.getSimpleName())));
      }
      for (Method before :
          AnnotationSupport.findAnnotatedMethods(
              type, BeforeAll.class, HierarchyTraversalMode.TOP_DOWN)) {
        ReflectionSupport.invokeMethod(before, null);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it begins with: written down, or kept. */
  @SuppressWarnings("unchecked") // they are what MethodSource wants
  public Stream<byte[]> seeds() {
    Method seeds =
        ReflectionSupport.findMethod(type, "seeds")
            .orElseThrow(() -> new IllegalStateException(type + " has no seeds"));
    Object written = requireNonNull(ReflectionSupport.invokeMethod(seeds, null), "seeds are null");
    return Stream.concat((Stream<byte[]>) written, KeptInputs.of(type));
  }

  /** Fails as the test does, and says which line would keep the input for it. */
  public void run(byte[] input) {
    try {
      method.invoke(test, (Object) input);
    } catch (InvocationTargetException e) {
      throw new AssertionError(
          "a line for "
              + type.getSimpleName()
              + KeptInputs.SUFFIX
              + ": "
              + Base64.getEncoder().encodeToString(input),
          e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return type.getSimpleName();
  }
}
