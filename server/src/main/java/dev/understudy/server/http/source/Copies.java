package dev.understudy.server.http.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.CopyListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * How far the copies of production and their masking are, beside who hears it anyway. Thread-safe.
 */
public final class Copies implements Function<String, CopyListener> {
  private final Function<String, CopyListener> others;
  private final InstantSource clock = InstantSource.system();
  private final Map<String, Copy> latest = new ConcurrentHashMap<>();

  /**
   * The latest copy of a source, under way or done.
   *
   * @param begunAt tells it from another of the same size
   * @param work {@code copy}, or {@code mask} once its tables are masked
   * @param items files that are copied, or tables that are masked
   * @param total bytes that were counted before; production may have grown since
   */
  public record Copy(
      String source, Instant begunAt, String work, long items, long bytes, long total) {}

  /**
   * @param others by name of a source: who hears it too
   */
  public Copies(Function<String, CopyListener> others) {
    this.others = requireNonNull(others, "others is null");
  }

  @Override
  public CopyListener apply(String source) {
    CopyListener other = others.apply(source);
    Instant begunAt = clock.instant();
    return new CopyListener() {
      @Override
      public void copied(long files, long bytes, long total) {
        latest.put(source, new Copy(source, begunAt, "copy", files, bytes, total));
        other.copied(files, bytes, total);
      }

      @Override
      public void masked(long tables, long bytes, long total) {
        latest.put(source, new Copy(source, begunAt, "mask", tables, bytes, total));
        other.masked(tables, bytes, total);
      }
    };
  }

  /** Of each source that was copied since the start at most one. */
  public List<Copy> latest() {
    return List.copyOf(latest.values());
  }
}
