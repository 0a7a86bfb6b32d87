package dev.understudy.cloner.cgroup;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.understudy.config.Resources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The groups of one data directory. */
final class KernelGroups implements ControlGroups {
  private final Layout layout;

  KernelGroups(Layout layout) {
    this.layout = requireNonNull(layout, "layout is null");
  }

  @Override
  public void place(String id, Resources limits, long pid) throws IOException {
    for (Path parent : layout.parents()) {
      Files.createDirectories(parent.resolve(id));
    }
    layout.limit(id, limits);
    for (Path parent : layout.parents()) {
      Files.writeString(parent.resolve(id).resolve("cgroup.procs"), Long.toString(pid));
    }
  }

  @Override
  public void change(String id, Resources limits) throws IOException {
    if (Files.isDirectory(layout.parents().getFirst().resolve(id))) {
      layout.limit(id, limits);
    }
  }

  @Override
  public long memoryKills(String id) {
    return layout.memoryKills(id);
  }

  @Override
  public Optional<GroupTime> processorTime(String id) {
    return layout.processorTime(id);
  }

  @Override
  public void remove(String id) throws IOException {
    for (Path parent : layout.parents()) {
      try {
        Files.delete(parent.resolve(id));
      } catch (NoSuchFileException e) {
        // There was none.
      }
    }
  }

  @Override
  public void sweep(Set<String> kept) throws IOException {
    for (Path parent : layout.parents()) {
      try (DirectoryStream<Path> groups =
          Files.newDirectoryStream(parent, entry -> Files.isDirectory(entry, NOFOLLOW_LINKS))) {
        for (Path group : groups) {
          if (!kept.contains(String.valueOf(group.getFileName()))) {
            deleteIfEmpty(group);
          }
        }
      }
    }
  }

  private static void deleteIfEmpty(Path group) throws IOException {
    if (Files.readString(group.resolve("cgroup.procs")).isBlank()) {
      Files.deleteIfExists(group);
    }
  }
}
