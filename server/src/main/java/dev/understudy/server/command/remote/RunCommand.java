package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.CommandException;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.command.Termination;
import dev.understudy.server.url.Tool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy run NAME -- COMMAND}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a command with an environment, which is made if need be: DATABASE_URL,",
      "JDBC_DATABASE_URL, PGHOST, PGPORT, PGUSER, PGDATABASE and UNDERSTUDY_ENVIRONMENT say where",
      "it is. The password comes from where the command looks for it, such as PGPASSWORD."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "N:that of the command",
      "1:or the environment could not be had",
      "127:or there is no such command"
    })
public final class RunCommand extends RemoteCommand {
  private static final int NO_SUCH_COMMAND = 127;

  /** For a command to end that was told to. */
  private static final int PATIENCE_SECONDS = 10;

  @Parameters(index = "0", paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "after --, with its arguments")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--fresh",
      description = "with the newest snapshot's data: one that is there is refreshed by force")
  private boolean fresh;

  @Option(
      names = "--drop",
      description = {
        "drop the environment at the end, whatever it is, once the command has run;",
        "one that another makes meanwhile stays"
      })
  private boolean drop;

  @Option(
      names = "--for",
      paramLabel = "TOOL",
      defaultValue = "url",
      description =
          "whose form DATABASE_URL has: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Tool tool = Tool.URL;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "to log in as (default: the only one of the settings)")
  private @Nullable String user;

  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description = "to be connected to (default: the pattern's)")
  private @Nullable String database;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "that this host reaches the proxy at (default: listen.host)")
  private @Nullable String host;

  /** A signal is the command's, too, and the environment is dropped after it all the same. */
  @Override
  public Integer call() throws Exception {
    return Termination.guard(super::call);
  }

  @Override
  int run(ApiClient api) throws Exception {
    Map<String, String> variables =
        Variables.of(name, api.get(urls()).path("urls"), tool.toString());
    boolean isNew = api.find(Paths.environment(name)).isEmpty();
    boolean isKnown = !isNew; // who has made it
    boolean mayDrop = false; // what was there stays if nothing ran on it, and another's anyway
    int code;
    try {
      if (isNew) {
        mayDrop = make(api);
        isKnown = true;
        requireUninterrupted();
      } else {
        refresh(api);
        mayDrop = true;
      }
      code = runWith(variables);
    } catch (CommandException | InterruptedException e) {
      if (drop && mayDrop) {
        dropAfterFailure(api);
      } else if (drop && !isKnown && isThere(api)) {
        err().println(notDropped() + "it is not known who has made it");
      }
      throw e;
    }
    if (drop && !mayDrop) {
      err().println(notDropped() + "another has made it meanwhile");
    } else if (drop && code == ExitCode.OK) {
      drop(api);
    } else if (drop) {
      dropAfterFailure(api);
    }
    return code;
  }

  private static void requireUninterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private String notDropped() {
    return "understudy: environment \"" + name + "\" is not dropped: ";
  }

  /** False also where that cannot be told: what has gone wrong before is why the command fails. */
  private boolean isThere(ApiClient api) {
    boolean interrupted = Thread.interrupted();
    try {
      return api.find(Paths.environment(name)).isPresent();
    } catch (CommandException e) {
      return false;
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What has gone wrong before is why the command fails. */
  private void dropAfterFailure(ApiClient api) throws InterruptedException {
    try {
      drop(api);
    } catch (CommandException e) {
      err().println(notDropped() + e.getMessage());
    }
  }

  /** A signal that comes now has ended the command already, and keeps nobody from this. */
  private void drop(ApiClient api) throws CommandException, InterruptedException {
    boolean _ = Thread.interrupted();
    try {
      dropIfExists(api);
    } catch (InterruptedException e) {
      dropIfExists(api);
    }
  }

  private void dropIfExists(ApiClient api) throws CommandException, InterruptedException {
    boolean _ = api.remove(Paths.environment(name));
  }

  private String urls() {
    List<String> query = new ArrayList<>();
    add(query, "user", user);
    add(query, "database", database);
    add(query, "host", host);
    String path = Paths.environment(name) + "/urls";
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private static void add(List<String> query, String key, @Nullable String value) {
    if (value != null) {
      query.add(key + "=" + ApiClient.encoded(value));
    }
  }

  /**
   * Only at its end is it known whether there is something of one's own to drop.
   *
   * @return false if another has made it meanwhile
   */
  private boolean make(ApiClient api) throws CommandException, InterruptedException {
    JsonNode body = ApiClient.object().put("name", name);
    return drop
        ? Uninterrupted.call(() -> api.make(Paths.ENVIRONMENTS, body))
        : api.make(Paths.ENVIRONMENTS, body);
  }

  private void refresh(ApiClient api) throws CommandException, InterruptedException {
    if (fresh) {
      api.change(
          "POST", Paths.environment(name) + "/refresh", ApiClient.object().put("force", true));
    }
  }

  private int runWith(Map<String, String> variables) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(variables);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      err().println("understudy: " + e.getMessage());
      return NO_SUCH_COMMAND;
    }
    return await(process);
  }

  private static int await(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      return process.destroyForcibly().waitFor();
    }
  }
}
