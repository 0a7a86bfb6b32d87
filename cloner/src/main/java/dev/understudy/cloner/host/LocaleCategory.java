package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The parts of a locale of the C library that a server sets apart. The library is asked as the
 * server asks it, so that both take the same names.
 */
public enum LocaleCategory {
  NUMERIC(1),
  TIME(2),
  MONETARY(4),
  MESSAGES(5);

  private static final MethodHandle NEWLOCALE =
      handle(
          "newlocale",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle FREELOCALE =
      handle("freelocale", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private final int number;

  LocaleCategory(int number) {
    this.number = number;
  }

  private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(function), descriptor);
  }

  /** Whether this host has a locale of that name, for this category at least. */
  public boolean isInstalled(String locale) {
    requireNonNull(locale, "locale is null");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made =
          (MemorySegment)
              NEWLOCALE.invokeExact(1 << number, arena.allocateFrom(locale), MemorySegment.NULL);
      if (made.equals(MemorySegment.NULL)) {
        return false;
      }
      FREELOCALE.invokeExact(made);
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing checked", e);
    }
  }
}
