package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import dev.understudy.cloner.state.RecordFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of what is in the trash. Different ones may be written side by side. */
public final class TrashStore {
  private static final Logger LOG = LoggerFactory.getLogger(TrashStore.class);

  private final Path directory;

  /**
   * @param directory exists
   */
  public TrashStore(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * What is on disk.
   *
   * @param complete false if there are records that cannot be read: the clones that they are of
   *     seem to have no owner
   */
  record Found(List<TrashRecord> records, boolean complete) {
    Found {
      records = List.copyOf(records);
    }
  }

  /**
   * A file that was written just before a power cut and is empty is no record, and goes.
   *
   * @param durable by the clone's id, those whose files are on disk since they were written: an
   *     empty one cannot be read
   */
  Found readAll(Predicate<String> durable) throws IOException {
    List<TrashRecord> records = new ArrayList<>();
    boolean complete = true;
    for (Path file : RecordFiles.in(directory, durable)) {
      try {
        records.add(read(file));
      } catch (IOException e) {
        LOG.error(
            "{}. What it told of cannot be had back, and stays, until the file is mended or"
                + " deleted and the daemon restarted",
            JsonFile.reason(e));
        complete = false;
      }
    }
    return new Found(records, complete);
  }

  private static TrashRecord read(Path file) throws IOException {
    TrashRecord record = new JsonFile<>(file, TrashRecord.class).read();
    if (!file.endsWith(record.id() + RecordFiles.SUFFIX)) {
      throw new IOException(file + " is the record of clone " + record.id());
    }
    return record;
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
    return new JsonFile<>(directory.resolve(id + RecordFiles.SUFFIX), TrashRecord.class);
  }
}
