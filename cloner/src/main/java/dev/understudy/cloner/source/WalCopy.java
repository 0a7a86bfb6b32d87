package dev.understudy.cloner.source;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Brings the WAL that a base backup needs into the copy: whole segments, byte by byte. */
final class WalCopy {
  private final DataDirectoryCopy copy;
  private final WalSegments segments;

  WalCopy(DataDirectoryCopy copy, WalSegments segments) {
    this.copy = copy;
    this.segments = segments;
  }

  /** Fails if one segment is missing or short; the copy would be worth nothing. */
  void copy(Path from, Directory target, int timeline, Lsn start, Lsn stop)
      throws IOException, SourceException {
    try (Directory source = Directory.open(from)) {
      for (String name : segments.namesOf(timeline, start, stop)) {
        copySegment(source, target, name);
      }
      try (DirectoryListing names = source.list()) {
        for (@Nullable String name = names.next(); name != null; name = names.next()) {
          if (WalSegments.isHistory(name)) {
            copy.copyBytes(source, target, name);
          }
        }
      }
    }
  }

  private void copySegment(Directory source, Directory target, String name)
      throws IOException, SourceException {
    try {
      copy.copyBytes(source, target, name);
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.ENOENT) {
        throw e;
      }
      throw incomplete("WAL segment %s is not there any more.".formatted(name));
    }
    long size = target.status(name).size();
    if (size != segments.size()) {
      throw incomplete("WAL segment %s has %d bytes.".formatted(name, size));
    }
  }

  private static SourceException incomplete(String detail) {
    return new SourceException(
        Kind.COPY,
        "production removed WAL that the copy needs",
        detail,
        "See that max_slot_wal_keep_size leaves room for what is written during a copy.");
  }
}
