package dev.understudy.cloner.postgres;

import dev.understudy.cloner.tree.UntrustedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The postmaster's own word about its state: the eighth line of {@code postmaster.pid}. */
final class PostmasterStatus {
  static final String FILE = "postmaster.pid";
  private static final int MAX_BYTES = 4096;

  private PostmasterStatus() {}

  /** True once the server accepts sessions, be it read-only ones. */
  static boolean isReady(Path dataDirectory) {
    try {
      byte[] file = UntrustedFile.read(dataDirectory.resolve(FILE), MAX_BYTES);
      return isReady(new String(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false;
    }
  }

  /** A server in recovery without hot standby says "standby", and refuses sessions. */
  static boolean isReady(String file) {
    List<String> lines = file.lines().toList();
    return lines.size() >= 8 && lines.get(7).strip().equals("ready");
  }
}
