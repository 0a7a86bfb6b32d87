package dev.understudy.cloner.state;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record in a file of its own, 0600. A reader sees the old content or the new one, whole, also
 * after a power cut: what {@link #write} wrote is on disk when it returns. What fails has changed
 * nothing. One writer at a time.
 *
 * <p>Reading is strict: unknown and missing keys are errors, so a component that may be absent is
 * {@code @Nullable} and written as {@code null}; only what is {@link AddedLater} may be missing, so
 * that files of earlier versions are read. The record keeps secrets out of messages: no error
 * quotes the content.
 *
 * <p>Not interruptible, on purpose: a thread that was interrupted must still be able to record what
 * it leaves behind.
 */
public final class JsonFile<T extends Record> {
  /** Far above any state of ours; guards against reading something else. */
  private static final long MAX_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(JsonFile.class);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .annotationIntrospector(new RequiredComponents())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What the name of a file ends with that is being written; it begins with a dot. */
  static final String TEMPORARY = ".tmp";

  private final Path path;
  private final Class<T> type;
  private final DirectorySync directorySync;

  public JsonFile(Path path, Class<T> type) {
    this(path, type, JsonFile::syncDirectory);
  }

  JsonFile(Path path, Class<T> type, DirectorySync directorySync) {
    this.path = requireNonNull(path, "path is null").toAbsolutePath();
    this.type = requireNonNull(type, "type is null");
    this.directorySync = requireNonNull(directorySync, "directorySync is null");
  }

  public Path path() {
    return path;
  }

  public boolean exists() {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Reads the whole file.
   *
   * @throws NoSuchFileException where there is none
   * @throws IOException naming the file and the place, where the content is not what was written
   */
  public T read() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException(path + " is not a file");
    }
    if (attributes.size() > MAX_BYTES) {
      throw new IOException(path + " is not a state file: it is larger than " + MAX_BYTES);
    }
    try {
      return requireNonNull(MAPPER.readValue(Files.readAllBytes(path), type), "null");
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new IOException(path + " cannot be read as " + type.getSimpleName() + where);
    } catch (NullPointerException | IllegalArgumentException e) {
      throw new IOException(path + " cannot be read as " + type.getSimpleName());
    }
  }

  /** For people, naming the file: why {@link #read} has failed. */
  public static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? e.getMessage() + " is missing"
        : String.valueOf(e.getMessage());
  }

  public void write(T value) throws IOException {
    write(value, true);
  }

  /**
   * As {@link #write}, but does not wait for the disk: a reader sees old or new, whole, after any
   * end of the daemon, but after a power cut perhaps an empty file or none. Some milliseconds
   * cheaper.
   */
  public void writeUnsynced(T value) throws IOException {
    write(value, false);
  }

  private void write(T value, boolean synced) throws IOException {
    byte[] bytes = MAPPER.writeValueAsBytes(value);
    uninterrupted(() -> {
      Path temporary = path.resolveSibling("." + path.getFileName() + TEMPORARY);
      Files.deleteIfExists(temporary);
      try {
        writeNew(temporary, ByteBuffer.wrap(bytes), synced);
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.deleteIfExists(temporary);
        throw e;
      }
      if (synced) {
        syncDirectory();
      }
    });
  }

  /** Gone from the disk when this returns; nothing happens where there is none. */
  public void delete() throws IOException {
    Path directory = requireNonNull(path.getParent(), "parent is null");
    uninterrupted(() -> {
      Files.deleteIfExists(path);
      if (Files.isDirectory(directory)) {
        syncDirectory();
      }
    });
  }

  private static void writeNew(Path file, ByteBuffer bytes, boolean synced) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (synced) {
        channel.force(true);
      }
    }
  }

  /**
   * What was done cannot be undone, and everybody sees it: that it may not outlive a power cut must
   * not be taken for a failure, after which nothing has happened.
   */
  private void syncDirectory() throws ClosedByInterruptException {
    Path directory = requireNonNull(path.getParent(), "parent is null");
    try {
      directorySync.sync(directory);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("{}: a change of it may be lost with a power cut: {}", path, e.toString());
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @FunctionalInterface
  interface DirectorySync {
    void sync(Path directory) throws IOException;
  }

  /** A channel is closed by an interrupt: the whole step is then done again, without it. */
  private static void uninterrupted(Step step) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          step.run();
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
