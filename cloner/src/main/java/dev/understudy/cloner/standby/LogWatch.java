package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a standby's server says, as it says it, for signs that it cannot go on. Keeps the file
 * short: the server holds it open and appends. Used by one thread.
 */
final class LogWatch {
  /** What our server says before it repeats what production has answered. */
  private static final String ANSWERED =
      "could not (?:receive data from WAL stream|start WAL streaming): ";

  private static final String SEGMENT = "(?<![/0-9A-F])[0-9A-F]{24}(?![0-9A-F])";
  private static final String LSN = "(?<![/0-9A-F])[0-9A-F]{1,8}/[0-9A-F]{1,8}(?![/0-9A-F])";

  /**
   * Something that the standby cannot mend by itself. Our server speaks English, and production
   * whatever its lc_messages says: of its answers only what no translation changes is looked at.
   * Those about the slot, which have nothing of that kind, are known sooner that way; {@link
   * SlotUpkeep} sees the same by SQL.
   */
  enum Sign {
    /**
     * Production has removed WAL that is still needed: it names the segment and no other number.
     */
    WAL_REMOVED(ANSWERED + "\\D*" + SEGMENT + "\\D*$"),
    /**
     * Production has gone another way than what is replayed here. It names where we want to begin.
     */
    DIVERGED(
        ANSWERED
            + ".*"
            + LSN
            + "|is not in this server's history|forked off current database system timeline"
            + "|of the primary is behind recovery timeline"),
    /** Another cluster answers at the URL. */
    OTHER_CLUSTER("database system identifier differs between the primary and standby"),
    /** A tablespace was made outside the data directory. */
    NEW_TABLESPACE("WAL redo at .* for Tablespace/CREATE"),
    /** Our slot was dropped. */
    SLOT_MISSING("replication slot \".*\" does not exist"),
    /** Production has given our slot up. */
    SLOT_INVALIDATED(
        "slot \".*\" (has been|was) invalidated|can no longer (get changes from|access) replication"
            + " slot|This slot has been invalidated");

    private final Pattern pattern;

    Sign(String regex) {
      this.pattern = Pattern.compile(regex);
    }
  }

  private static final int AT_ONCE = 256 * 1024;
  private static final long LONGEST = 16L << 20;

  private final Path file;
  private long position;
  private String lastComplaint = "";

  private LogWatch(Path file, long position) {
    this.file = requireNonNull(file, "file is null");
    this.position = position;
  }

  static LogWatch fromNow(Path file) throws IOException {
    return new LogWatch(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** What has been said since the last call. */
  Set<Sign> read() throws IOException {
    Set<Sign> signs = EnumSet.noneOf(Sign.class);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long size = channel.size();
      position = position > size ? 0 : Math.max(position, size - AT_ONCE);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(AT_ONCE, size - position));
      while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
        // read until the end
      }
      // What is not a whole line yet is read again.
      bytes.flip();
      bytes.limit(wholeLines(bytes));
      position += bytes.limit();
      // Production's words may be in any encoding.
      StandardCharsets.UTF_8.decode(bytes).toString().lines().forEach(line -> look(line, signs));
      if (position > LONGEST && position == channel.size()) {
        channel.truncate(0);
        position = 0;
      }
    } catch (NoSuchFileException e) {
      // No server has been started yet.
    }
    return signs;
  }

  /** How many of the bytes belong to lines that have ended. */
  private static int wholeLines(ByteBuffer bytes) {
    int end = bytes.limit();
    while (end > 0 && bytes.get(end - 1) != '\n') {
      end--;
    }
    return end;
  }

  private void look(String line, Set<Sign> signs) {
    for (Sign sign : Sign.values()) {
      if (sign.pattern.matcher(line).find()) {
        signs.add(sign);
      }
    }
    if (line.contains("FATAL:") || line.contains("ERROR:")) {
      lastComplaint = line;
    }
  }

  /** The newest line of an error; empty where there was none. */
  String lastComplaint() {
    return lastComplaint;
  }
}
