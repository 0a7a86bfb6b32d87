package dev.understudy.server.command.remote;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What ends the sessions of an environment, and so may be refused. */
public abstract sealed class ForcibleCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Option(names = "--force", description = "whoever works there gets 57P01")
  private boolean force;

  private final String verb;
  private final String done;

  private ForcibleCommand(String verb, String done) {
    this.verb = requireNonNull(verb, "verb is null");
    this.done = requireNonNull(done, "done is null");
  }

  @Override
  int run(ApiClient api) throws Exception {
    ObjectNode body = ApiClient.object().put("force", force);
    return change(api, name, verb, body, done);
  }

  /** {@code understudy refresh NAME}. */
  @Command(
      name = "refresh",
      mixinStandardHelpOptions = true,
      description = "Moves an environment to the newest snapshot; what it was is in the trash.")
  public static final class Refresh extends ForcibleCommand {
    public Refresh() {
      super("refresh", "refreshed");
    }
  }

  /** {@code understudy reset NAME}. */
  @Command(
      name = "reset",
      mixinStandardHelpOptions = true,
      description = "Takes an environment back to the snapshot that it came from.")
  public static final class Reset extends ForcibleCommand {
    public Reset() {
      super("reset", "reset");
    }
  }

  /** {@code understudy suspend NAME}. */
  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "Puts an environment to sleep; the next connect wakes it.")
  public static final class Suspend extends ForcibleCommand {
    public Suspend() {
      super("suspend", "asleep");
    }
  }
}
