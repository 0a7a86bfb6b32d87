package dev.understudy.cloner.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Texts that stand nowhere but where they were put, and a search for them in the bytes of all files
 * below a directory. Any eight bytes of one in a row betray it: so much stays together in whatever
 * way PostgreSQL compresses.
 */
final class Sentinels {
  private static final int WINDOW = Long.BYTES;
  private static final int LENGTH = 32;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final SplittableRandom random = new SplittableRandom(20_260_101);
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<Long, String> windows = new HashMap<>();

  /** False at the last two bytes of what is no window: spares nearly all look-ups. */
  private final boolean[] ends = new boolean[1 << 16];

  /** The text of a place, made at its first use. */
  String at(String place) {
    return texts.computeIfAbsent(place, this::make);
  }

  Map<String, String> all() {
    return texts;
  }

  private String make(String place) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    watch(place, text.toString().getBytes(StandardCharsets.US_ASCII));
    return text.toString();
  }

  /** Searches for bytes that somebody else made, too. */
  void watch(String place, byte[] text) {
    ByteBuffer bytes = ByteBuffer.wrap(text);
    for (int i = 0; i + WINDOW <= text.length; i++) {
      long window = bytes.getLong(i);
      windows.put(window, place);
      ends[end(window)] = true;
    }
  }

  /** The places of those that were found, with the first file of each. */
  SortedMap<String, Path> search(Path directory) throws IOException {
    SortedMap<String, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .forEach(file -> search(file, found));
    }
    return found;
  }

  private void search(Path file, SortedMap<String, Path> found) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      long window = 0;
      for (int i = 0; i < bytes.length; i++) {
        window = (window << 8) | (bytes[i] & 0xff);
        if (i >= WINDOW - 1 && ends[end(window)]) {
          String place = windows.get(window);
          if (place != null) {
            found.putIfAbsent(place, file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int end(long window) {
    return (int) (window & 0xffff);
  }
}
