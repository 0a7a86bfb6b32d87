package dev.understudy.proxy.throttle;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not asked for longest when it has too much. */
final class RecentKeys<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  RecentKeys(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
