package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of what is in the trash. Different ones may be written side by side. */
public final class TrashStore {
  private static final String SUFFIX = ".json";
  private static final Logger LOG = LoggerFactory.getLogger(TrashStore.class);

  private final Path directory;

  /**
   * @param directory exists
   */
  public TrashStore(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /** What cannot be read goes: what has no owner any more is removed. */
  List<TrashRecord> readAll() throws IOException {
    List<TrashRecord> records = new ArrayList<>();
    for (Path file : files()) {
      String name = String.valueOf(file.getFileName());
      try {
        TrashRecord record = new JsonFile<>(file, TrashRecord.class).read();
        if (!name.equals(record.id() + SUFFIX)) {
          throw new IOException(file + " is the record of clone " + record.id());
        }
        records.add(record);
      } catch (IOException e) {
        LOG.warn("{}: what it told of cannot be had back, and it goes", e.getMessage());
        Files.delete(file);
      }
    }
    return records;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  void write(TrashRecord record, boolean durable) throws IOException {
    if (durable) {
      file(record.id()).write(record);
    } else {
      file(record.id()).writeUnsynced(record);
    }
  }

  void delete(String id) throws IOException {
    file(id).delete();
  }

  private JsonFile<TrashRecord> file(String id) {
    return new JsonFile<>(directory.resolve(id + SUFFIX), TrashRecord.class);
  }
}
