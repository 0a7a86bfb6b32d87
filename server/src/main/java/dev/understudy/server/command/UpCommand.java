package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.config.Secret;
import dev.understudy.config.SizeText;
import dev.understudy.server.Logging;
import dev.understudy.server.Narrator;
import dev.understudy.server.up.Ascent;
import dev.understudy.server.up.GivenUrl;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy up URL}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Mirrors a production by its URL and serves copies of it, without a settings file.",
      "Writes one beside the data directory, for the next time and for serve."
    })
public final class UpCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "URL",
      description =
          "of production, as libpq reads it: postgresql://USER@HOST:PORT/DATABASE; its password is"
              + " taken from PGPASSWORD, PGPASSFILE or ~/.pgpass, or asked for")
  private String url = "";

  @Option(
      names = "--data-directory",
      paramLabel = "DIR",
      description =
          "for snapshots and clones (default: /var/lib/understudy for root, else"
              + " ~/.local/share/understudy)")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6432",
      description =
          "to listen on, the first time; another where it is taken (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--pool-size",
      paramLabel = "SIZE",
      defaultValue = "100G",
      description =
          "of the image that is made for root where the file system cannot share blocks; sparse"
              + " (default: ${DEFAULT-VALUE})")
  private String poolSize = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Logging.warningsOnly();
    CommandSpec command = requireNonNull(spec, "spec is null");
    Ascent ascent =
        new Ascent(
            new Narrator(command.commandLine().getOut()),
            completeUrl(command.commandLine().getErr()),
            directory(),
            poolBytes(command));
    Hangups hangups = hasTerminal() ? Hangups.none() : Hangups.watch();
    return new Serving(ascent.settingsFile(), hangups).run(() -> ascent.begin(port));
  }

  /** When that goes, so does what was started from it. */
  private static boolean hasTerminal() {
    try {
      Files.newInputStream(Path.of("/dev/tty")).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Secret completeUrl(PrintWriter err) throws IOException, InterruptedException {
    return new GivenUrl(
            System.getenv(),
            Path.of(System.getProperty("user.home")),
            UpCommand::ask,
            warning -> {
              err.println("understudy: " + warning);
              err.flush();
            })
        .complete(new Secret(url));
  }

  private static Optional<Secret> ask(String question) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readPassword("%s", question))
        .filter(typed -> typed.length > 0)
        .map(typed -> new Secret(new String(typed)));
  }

  private Path directory() {
    if (dataDirectory != null) {
      return dataDirectory.toAbsolutePath().normalize();
    }
    if (Accounts.isRoot()) {
      return Path.of("/var/lib/understudy");
    }
    String shared = System.getenv("XDG_DATA_HOME");
    Path base =
        shared == null || shared.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local/share")
            : Path.of(shared);
    return base.resolve("understudy").toAbsolutePath();
  }

  private long poolBytes(CommandSpec command) {
    try {
      return SizeText.parse(poolSize);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--pool-size: " + e.getMessage());
    }
  }
}
