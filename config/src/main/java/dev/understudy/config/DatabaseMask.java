package dev.understudy.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is masked in one database.
 *
 * @param truncated tables that are emptied
 * @param largeObjects null: nothing is said of them
 * @param scripts of SQL; run in this order, after all the rest; absolute
 */
public record DatabaseMask(
    SortedMap<ColumnName, MaskRule> columns,
    SortedSet<TableName> truncated,
    @Nullable LargeObjects largeObjects,
    List<Path> scripts) {
  /** Nothing is masked, and nothing is known to be unmasked on purpose. */
  public static final DatabaseMask NOTHING = new DatabaseMask(Map.of(), List.of(), null, List.of());

  public DatabaseMask {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    truncated = Collections.unmodifiableSortedSet(new TreeSet<>(truncated));
    scripts = List.copyOf(scripts);
  }

  /** In whatever order. */
  public DatabaseMask(
      Map<ColumnName, MaskRule> columns,
      List<TableName> truncated,
      @Nullable LargeObjects largeObjects,
      List<Path> scripts) {
    this(new TreeMap<>(columns), new TreeSet<>(truncated), largeObjects, scripts);
  }

  /** What becomes of the large objects of a database, which have no column to name. */
  public enum LargeObjects {
    KEEP,
    REMOVE
  }
}
