package dev.understudy.cloner.pool.image;

import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.host.ShortCommand.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs that make and mount file systems. Every call is bounded and interruptible. */
final class Tools {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration BUSY_PATIENCE = Duration.ofSeconds(20);
  private static final long BUSY_PAUSE_MILLIS = 100;

  /** Nothing that blkid knows is there. */
  private static final int NOTHING_FOUND = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Tools.class);

  private Tools() {}

  static void make(ImageType type, UUID id, Path place) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(type.makerOptions(id));
    arguments.add(place.toString());
    succeed(type.maker(), arguments.toArray(String[]::new));
  }

  /** A loop device that this takes is given back by the kernel when it is unmounted. */
  static void mount(PoolRecord record, Path point) throws IOException, InterruptedException {
    String options = record.type().mountOptions() + (record.device() ? "" : ",loop");
    succeed(
        "mount",
        "-t",
        record.type().lowerCase(),
        "-o",
        options,
        record.backing(),
        point.toString());
    if (!record.device()) {
      bypassCache(point);
    }
  }

  /**
   * The file's blocks need not be in memory twice, and who waits for one of them to be on disk does
   * not wait for all. Where the file system that holds the file cannot do that, it goes on without.
   */
  private static void bypassCache(Path point) throws IOException, InterruptedException {
    String device = Mount.at(point.toRealPath()).map(Mount::source).orElse("");
    try {
      succeed("losetup", "--direct-io=on", device);
    } catch (IOException e) {
      LOG.debug("{} stays in the page cache: {}", device, e.getMessage());
    }
  }

  /** Waits a little for what is on its end. */
  static void unmount(Path point) throws IOException, InterruptedException {
    patiently("umount", point.toString());
  }

  private static void patiently(String program, String... arguments)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BUSY_PATIENCE.toNanos();
    while (true) {
      Result result = run(program, arguments);
      if (result.succeeded()) {
        return;
      }
      if (!result.output().contains("busy") || System.nanoTime() > deadline) {
        throw failed(program, result);
      }
      TimeUnit.MILLISECONDS.sleep(BUSY_PAUSE_MILLIS);
    }
  }

  /** What is on a device or in a file, in blkid's words; empty if it knows nothing there. */
  static String contents(Path place) throws IOException, InterruptedException {
    Result result = run("blkid", "-p", place.toString());
    if (result.status() == NOTHING_FOUND && result.output().isBlank()) {
      return "";
    }
    // It also fails where it finds too much; that is no reason to write there.
    return result.output().isBlank() ? "something that blkid cannot name" : result.output().strip();
  }

  /** Whoever looks finds nothing there any more. Others may be looking just now. */
  static void wipe(Path device) throws IOException, InterruptedException {
    patiently("wipefs", "-a", device.toString());
  }

  /** UUID of the file system there; empty where there is none. */
  static String id(Path place) throws IOException, InterruptedException {
    Result result = run("blkid", "-p", "-o", "value", "-s", "UUID", place.toString());
    return result.succeeded() ? result.output().strip() : "";
  }

  private static void succeed(String program, String... arguments)
      throws IOException, InterruptedException {
    Result result = run(program, arguments);
    if (!result.succeeded()) {
      throw failed(program, result);
    }
  }

  private static IOException failed(String program, Result result) {
    String words = result.output().isBlank() ? "status " + result.status() : result.output();
    return new IOException(program + ": " + words.strip());
  }

  private static Result run(String program, String... arguments)
      throws IOException, InterruptedException {
    Path path =
        Programs.find(program)
            .orElseThrow(() -> new IOException("the program " + program + " is not installed"));
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(Arrays.asList(arguments));
    return ShortCommand.run(command, TIMEOUT);
  }
}
