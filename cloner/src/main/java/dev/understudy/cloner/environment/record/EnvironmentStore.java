package dev.understudy.cloner.environment.record;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import dev.understudy.cloner.state.RecordFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The records of environments. Different ones may be written side by side. */
public final class EnvironmentStore {
  private final Path directory;

  /** Names of those whose record may not be on disk. Of what was read that is said after. */
  private final Set<String> unforced = ConcurrentHashMap.newKeySet();

  public EnvironmentStore(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * What is on disk.
   *
   * @param records by name
   * @param unreadable why, by name. The clone that such an environment points at seems to have no
   *     owner
   */
  public record Found(Map<String, EnvironmentRecord> records, Map<String, String> unreadable) {
    public Found {
      records = Map.copyOf(records);
      unreadable = Map.copyOf(unreadable);
    }
  }

  /**
   * All environments. A file that was written just before a power cut and is empty is no
   * environment, and goes.
   *
   * @param durable by name, those whose files are on disk since they were written: an empty one is
   *     unreadable
   */
  public Found readAll(Predicate<String> durable) throws IOException {
    Map<String, EnvironmentRecord> records = new HashMap<>();
    Map<String, String> unreadable = new HashMap<>();
    for (Path file : RecordFiles.in(directory, durable)) {
      String name = RecordFiles.withoutSuffix(file);
      try {
        records.put(name, read(file, name));
      } catch (IOException e) {
        unreadable.put(name, JsonFile.reason(e));
      }
    }
    return new Found(records, unreadable);
  }

  private static EnvironmentRecord read(Path file, String name) throws IOException {
    EnvironmentRecord record = new JsonFile<>(file, EnvironmentRecord.class).read();
    if (!name.equals(record.name())) {
      throw new IOException(file + " is the record of environment " + record.name());
    }
    return record;
  }

  /**
   * Replaces the record.
   *
   * @param durable on disk when this returns; so is one with something that a person has set
   */
  public void write(EnvironmentRecord record, boolean durable) throws IOException {
    if (durable || record.isSetByHand()) {
      file(record.name()).write(record);
      unforced.remove(record.name());
    } else {
      unforced.add(record.name());
      file(record.name()).writeUnsynced(record);
    }
  }

  /** What was read may not be on disk: an earlier daemon wrote it while nothing needed that. */
  public void mayBeUnforced(String name) {
    unforced.add(name);
  }

  /** The record is on disk when this returns. Free where it is so already. */
  public void force(EnvironmentRecord record) throws IOException {
    if (unforced.contains(record.name())) {
      write(record, true);
    }
  }

  public void delete(String name) throws IOException {
    file(name).delete();
    unforced.remove(name);
  }

  private JsonFile<EnvironmentRecord> file(String name) {
    return new JsonFile<>(directory.resolve(name + RecordFiles.SUFFIX), EnvironmentRecord.class);
  }
}
