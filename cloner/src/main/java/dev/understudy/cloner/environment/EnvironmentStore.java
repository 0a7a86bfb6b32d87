package dev.understudy.cloner.environment;

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

/** The records of environments. Different ones may be written side by side. */
final class EnvironmentStore {
  private static final String SUFFIX = ".json";
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentStore.class);

  private final Path directory;

  EnvironmentStore(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * All environments. A file that was written just before a power cut and is empty is no
   * environment, and goes.
   *
   * @throws IOException naming a file that cannot be read: with its name, the clone that it points
   *     at would have no owner, so nothing may be done before somebody looked
   */
  List<EnvironmentRecord> readAll() throws IOException {
    List<EnvironmentRecord> records = new ArrayList<>();
    for (Path file : files()) {
      if (!file.toString().endsWith(SUFFIX) || Files.size(file) == 0) {
        LOG.info("{} was being written when the daemon or the host ended, and goes", file);
        Files.delete(file);
      } else {
        records.add(read(file));
      }
    }
    return records;
  }

  private static EnvironmentRecord read(Path file) throws IOException {
    EnvironmentRecord record = new JsonFile<>(file, EnvironmentRecord.class).read();
    if (!file.endsWith(record.name() + SUFFIX)) {
      throw new IOException(file + " is the record of environment " + record.name());
    }
    return record;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  void write(EnvironmentRecord record, boolean durable) throws IOException {
    if (durable) {
      file(record.name()).write(record);
    } else {
      file(record.name()).writeUnsynced(record);
    }
  }

  void delete(String name) throws IOException {
    file(name).delete();
  }

  private JsonFile<EnvironmentRecord> file(String name) {
    return new JsonFile<>(directory.resolve(name + SUFFIX), EnvironmentRecord.class);
  }
}
