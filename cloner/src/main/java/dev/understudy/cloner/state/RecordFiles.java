package dev.understudy.cloner.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of records, each in a {@link JsonFile} of its own. */
public final class RecordFiles {
  public static final String SUFFIX = ".json";

  private static final Logger LOG = LoggerFactory.getLogger(RecordFiles.class);

  private RecordFiles() {}

  /**
   * The files of all records. What was being written when the daemon ended, and what a power cut
   * has left empty, is deleted; what nobody of us made is left alone. What has a record's name and
   * cannot be looked at, or is no file, is among them: reading it tells.
   *
   * @param forced by what comes before {@link #SUFFIX}, those that are on the disk since they were
   *     written: where one is empty it was damaged, and is among them
   */
  public static List<Path> in(Path directory, Predicate<String> forced) throws IOException {
    List<Path> records = new ArrayList<>();
    for (Path file : entries(directory)) {
      String name = String.valueOf(file.getFileName());
      boolean record = name.endsWith(SUFFIX);
      boolean regular = Files.isRegularFile(file);
      if (!record && !(regular && isUnfinished(name))) {
        LOG.warn("{} is no record, and is left alone", file);
      } else if (!record
          || (regular && Files.size(file) == 0 && !forced.test(withoutSuffix(file)))) {
        LOG.info("{} was being written when the daemon or the host ended, and goes", file);
        Files.delete(file);
      } else {
        records.add(file);
      }
    }
    return records;
  }

  /** What the record is of. */
  public static String withoutSuffix(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - SUFFIX.length());
  }

  private static boolean isUnfinished(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX + JsonFile.TEMPORARY);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
