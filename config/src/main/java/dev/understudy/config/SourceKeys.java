package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys that say how the data of a source gets here. */
final class SourceKeys {
  private static final List<Key<SourceType.Directory>> DIRECTORY =
      List.of(
          new Key<>("directory", SourceType.Directory::path),
          new Key<>("url", SourceType.Directory::url),
          new Key<>("share-blocks", SourceType.Directory::shareBlocks));

  private static final List<Key<SourceType.Standby>> STANDBY =
      List.of(
          new Key<>("url", SourceType.Standby::url),
          new Key<>("rate-limit", SourceType.Standby::rateLimit),
          new Key<>("restore-command", SourceType.Standby::restoreCommand),
          new Key<>("slot", SourceType.Standby::slot),
          new Key<>("collations", SourceType.Standby::collations));

  private static final List<Key<SourceType.Dump>> DUMP =
      List.of(
          new Key<>("url", SourceType.Dump::url),
          new Key<>("jobs", SourceType.Dump::jobs),
          new Key<>("databases", SourceType.Dump::databases),
          new Key<>("on-error", SourceType.Dump::onError),
          new Key<>("exclude-extensions", SourceType.Dump::excludedExtensions),
          new Key<>("exclude-roles", SourceType.Dump::excludedRoles));

  private SourceKeys() {}

  /** Those that differ; of two types, the type alone. */
  static List<String> changed(SourceType one, SourceType other) {
    return switch (one) {
      case SourceType.Directory a when other instanceof SourceType.Directory b ->
          changed(DIRECTORY, a, b);
      case SourceType.Standby a when other instanceof SourceType.Standby b ->
          changed(STANDBY, a, b);
      case SourceType.Dump a when other instanceof SourceType.Dump b -> changed(DUMP, a, b);
      case SourceType.Directory _, SourceType.Standby _, SourceType.Dump _ -> List.of("type");
    };
  }

  private static <T> List<String> changed(List<Key<T>> keys, T one, T other) {
    return keys.stream().filter(key -> key.differs(one, other)).map(Key::name).toList();
  }

  private record Key<T>(String name, Function<T, @Nullable Object> value) {
    Key {
      requireNonNull(name, "name is null");
      requireNonNull(value, "value is null");
    }

    boolean differs(T one, T other) {
      return !Objects.equals(value.apply(one), value.apply(other));
    }
  }
}
