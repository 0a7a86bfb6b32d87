package dev.understudy.cloner.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which run of the kernel this is: pids and unsynced data of another one mean nothing. */
public final class BootId {
  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  public static String current() {
    try {
      return Files.readString(FILE).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
