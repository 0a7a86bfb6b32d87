package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of changes in directories at once (inotify), with one thread for all of them. */
public final class DirectoryWatch implements AutoCloseable {
  private final WatchService service;
  private final Map<WatchKey, Runnable> listeners = new ConcurrentHashMap<>();

  public DirectoryWatch() throws IOException {
    service = FileSystems.getDefault().newWatchService();
    Thread.ofPlatform().daemon().name("directory-watch").start(this::run);
  }

  /** Stops telling. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Calls the listener, which must not block, after entries of the directory were made or written.
   * A directory is watched by one listener at a time.
   */
  public Registration watch(Path directory, Runnable listener) throws IOException {
    WatchKey key =
        directory.register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    listeners.put(key, listener);
    return () -> {
      listeners.remove(key);
      key.cancel();
    };
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        key.reset();
        Runnable listener = listeners.get(key);
        if (listener != null) {
          listener.run();
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // Closed: nobody waits any more.
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
