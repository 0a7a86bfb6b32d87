package dev.understudy.proxy.route;

import dev.understudy.proxy.route.Names.SourceNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The database of a source that needs not be named, as there is but one to mean. */
final class DefaultDatabase {
  static final String MAINTENANCE = "postgres";

  private DefaultDatabase() {}

  /** Null if there are several. {@code postgres} counts only where it is all there is. */
  static @Nullable String of(SourceNames source) {
    List<String> others =
        source.databases().stream().filter(name -> !name.equals(MAINTENANCE)).limit(2).toList();
    return switch (others.size()) {
      case 0 -> MAINTENANCE;
      case 1 -> others.getFirst();
      default -> null;
    };
  }
}
