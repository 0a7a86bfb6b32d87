package dev.understudy.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code understudy serve} as its users run it: a process of its own, started by the launcher. Its
 * clones survive it; {@link #endClones} ends them.
 */
public final class Daemon implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private static final Pattern RELOADED = Pattern.compile("Reloaded .*\n|is not taken up: .*\n");
  private static final Pattern HTTP = Pattern.compile("(?m)^\\s*http\\b");
  private static final Pattern PORT = Pattern.compile("(?m)^\\s*listen\\.port\\b");
  private static final Pattern READY = Pattern.compile("Ready: \\S+ port (\\d+)");

  private final Path directory;
  private final Path dataDirectory;
  private final int port;
  private final Process process;

  private Daemon(Path directory, Path dataDirectory, int port, Process process) {
    this.directory = directory;
    this.dataDirectory = dataDirectory;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts the daemon, on a free port unless the settings name one; returns when it has cut its
   * snapshots and accepts connections.
   *
   * @param directory for its settings file and its log, which is appended to
   * @param settings the part of the settings that is not {@code data-directory}; there is no HTTP
   *     API unless they name it
   */
  public static Daemon start(Path directory, Path dataDirectory, String settings)
      throws IOException, InterruptedException {
    return start(directory, dataDirectory, settings, Map.of());
  }

  /**
   * The same.
   *
   * @param environment variables of its process, beside those of ours
   */
  public static Daemon start(
      Path directory, Path dataDirectory, String settings, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path file = write(directory, dataDirectory, settings);
    Path log = logFile(directory);
    int alreadyLogged = Files.exists(log) ? Files.readString(log).length() : 0;
    ProcessBuilder builder =
        new ProcessBuilder(launcher().toString(), "serve", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
      Matcher ready = READY.matcher(Files.readString(log).substring(alreadyLogged));
      if (ready.find()) {
        return new Daemon(directory, dataDirectory, Integer.parseInt(ready.group(1)), process);
      }
      if (ended || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("the daemon did not start:\n" + Files.readString(log));
      }
    }
  }

  private static Path write(Path directory, Path dataDirectory, String settings)
      throws IOException {
    return Files.writeString(
        directory.resolve("understudy.conf"),
        "understudy {\ndata-directory = \"%s\"\n%s%s%s\n}\n"
            .formatted(
                dataDirectory,
                PORT.matcher(settings).find() ? "" : "listen.port = 0\n",
                HTTP.matcher(settings).find() ? "" : "http.enabled = false\n",
                settings));
  }

  /**
   * Has the daemon take up other settings, by SIGHUP.
   *
   * @param settings as for {@link #start}
   * @return what it has logged until it was done
   */
  public String reload(String settings) throws IOException, InterruptedException {
    rewrite(settings);
    int alreadyLogged = log().length();
    new ProcessBuilder("kill", "-HUP", Long.toString(pid())).start().waitFor();
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    while (true) {
      String logged = log().substring(alreadyLogged);
      if (RELOADED.matcher(logged).find()) {
        return logged;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the daemon did not reload:\n" + log());
      }
      Thread.sleep(5);
    }
  }

  /**
   * Changes the settings file, and tells the daemon nothing.
   *
   * @param settings as for {@link #start}
   */
  public void rewrite(String settings) throws IOException {
    Path _ = write(directory, dataDirectory, settings);
  }

  /** Waits until the daemon has ended by itself; its exit code. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("the daemon has not ended");
    }
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The launcher at the root of the tree; system property {@code understudy.launcher}. */
  public static Path launcher() {
    return Path.of(
        requireNonNull(
            System.getProperty("understudy.launcher"), "understudy.launcher is not set"));
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** All that it and its predecessors in the same directory have logged. */
  public String log() throws IOException {
    return Files.readString(logFile(directory));
  }

  /** SIGKILL: the daemon gets no chance to do anything. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends the daemon by SIGTERM; its clones go on running. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Kills the servers that run on data of this directory, whoever started them, and waits until
   * they are gone: a file system that they use can be unmounted then.
   */
  public static void endClones(Path dataDirectory) {
    List<ProcessHandle> servers =
        ProcessHandle.allProcesses()
            .filter(process -> mentions(process, dataDirectory + "/"))
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
            .distinct()
            .toList();
    servers.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture.allOf(
            servers.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
        .orTimeout(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** How many server processes (the outermost of each) run on data of this directory. */
  public static long clones(Path dataDirectory) {
    return servers(dataDirectory).size();
  }

  /** The ids of these processes. */
  public static Set<Long> servers(Path dataDirectory) {
    return ProcessHandle.allProcesses()
        .filter(process -> mentions(process, dataDirectory + "/clones/"))
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static boolean mentions(ProcessHandle process, String text) {
    return process.info().commandLine().filter(line -> line.contains(text)).isPresent();
  }

  private static Path logFile(Path directory) {
    return directory.resolve("understudy.log");
  }
}
