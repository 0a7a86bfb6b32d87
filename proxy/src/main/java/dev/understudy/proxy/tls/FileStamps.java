package dev.understudy.proxy.tls;

import dev.understudy.config.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What differs when one of the two files has been replaced or written to. */
record FileStamps(@Nullable Stamp certificate, @Nullable Stamp privateKey) {
  static FileStamps of(CertificateFiles files) {
    return new FileStamps(stamp(files.certificate()), stamp(files.privateKey()));
  }

  /** Null: there is no such file, or it cannot be looked at. */
  private static @Nullable Stamp stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Of one file, links followed.
   *
   * @param key its inode; null where the file system has none
   */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {}
}
