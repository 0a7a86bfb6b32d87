package dev.understudy.cloner.sandbox;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the sandbox that holds on this host by looking around inside each. */
public final class SandboxProbe {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxProbe.class);
  private static final String PREFIX = "probe";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Path dataDirectory;
  private final Account account;

  /**
   * For clones of this daemon.
   *
   * @param dataDirectory the daemon's; gets a directory {@code sandbox}
   */
  public SandboxProbe(Path dataDirectory, Account account) {
    this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory is null");
    this.account = requireNonNull(account, "account is null");
  }

  /**
   * Tries one after the other until one holds. Removes first what a probe that was killed has left.
   */
  public SandboxReport run() throws IOException, InterruptedException {
    SandboxFiles files = SandboxFiles.write(dataDirectory.resolve("sandbox"), account);
    sweep();
    List<SandboxReport.Attempt> attempts = new ArrayList<>();
    for (Sandbox sandbox : List.of(bubblewrap(files), new UtilLinux(files))) {
      SandboxReport.Attempt attempt = attempt(sandbox);
      attempts.add(attempt);
      if (attempt.holds()) {
        break;
      }
    }
    return new SandboxReport(attempts);
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(dataDirectory.resolve("sandbox"), PREFIX + "*")) {
      for (Path directory : left) {
        try {
          delete(directory);
        } catch (IOException e) {
          LOG.warn("{} is left of an earlier probe: {}", directory, e.toString());
        }
      }
    }
  }

  private static Sandbox bubblewrap(SandboxFiles files) throws InterruptedException {
    boolean canDisable;
    try {
      canDisable =
          ShortCommand.run(List.of("bwrap", "--help")).output().contains("--disable-userns");
    } catch (IOException e) {
      // Not installed, which the attempt will say.
      canDisable = false;
    }
    return new Bubblewrap(files, canDisable);
  }

  /** Looks around inside one. */
  public SandboxReport.Attempt attempt(Sandbox sandbox) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(dataDirectory.resolve("sandbox"), PREFIX);
    Path output = directory.resolve("output");
    try {
      Files.createFile(output, asFileAttribute(fromString("rw-------")));
      look(sandbox, directory, output);
      Findings findings = Findings.parse(Files.readString(output));
      return new SandboxReport.Attempt(sandbox, findings.faults(account), findings.hasLoopback());
    } catch (IOException e) {
      String said = Files.readString(output).strip();
      String fault = said.isEmpty() ? String.valueOf(e.getMessage()) : said;
      return new SandboxReport.Attempt(sandbox, List.of(fault.replace('\n', ' ')), false);
    } finally {
      delete(directory);
    }
  }

  private void look(Sandbox sandbox, Path directory, Path output)
      throws IOException, InterruptedException {
    Confinement confinement =
        new Confinement(
            Path.of("/usr"),
            mine(directory.resolve("data")),
            mine(directory.resolve("s")),
            account);
    List<String> command =
        List.of("/bin/sh", "-c", script(), "understudy-probe", dataDirectory.toString());
    SandboxedProcess process =
        SandboxedProcess.start(
            sandbox,
            confinement,
            command,
            ProcessBuilder.Redirect.appendTo(output.toFile()),
            TIMEOUT);
    try {
      process.go();
      process.outerExit().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the probe did not end within " + TIMEOUT, e);
    } finally {
      process.kill();
      process.handle().close();
    }
  }

  /** A directory of the account's. */
  private Path mine(Path directory) throws IOException {
    Files.createDirectory(directory, asFileAttribute(fromString("rwx------")));
    if (Accounts.isRoot()) {
      Files.setAttribute(directory, "unix:uid", account.uid());
      Files.setAttribute(directory, "unix:gid", account.gid());
    }
    return directory;
  }

  private static void delete(Path directory) throws IOException {
    for (String name : List.of("data/.probe", "s/.probe", "data", "s", "output")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.delete(directory);
  }

  private static String script() throws IOException {
    try (InputStream script = SandboxProbe.class.getResourceAsStream("probe.sh")) {
      return new String(
          requireNonNull(script, "probe.sh is missing").readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
