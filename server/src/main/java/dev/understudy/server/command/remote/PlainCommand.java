package dev.understudy.server.command.remote;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What is done to an environment without another word. */
public abstract sealed class PlainCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  private final String verb;
  private final String done;

  private PlainCommand(String verb, String done) {
    this.verb = requireNonNull(verb, "verb is null");
    this.done = requireNonNull(done, "done is null");
  }

  @Override
  int run(ApiClient api) throws Exception {
    return change(api, name, verb, null, done);
  }

  /** {@code understudy resume NAME}. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Wakes an environment; connecting to it does the same.")
  public static final class Resume extends PlainCommand {
    public Resume() {
      super("resume", "awake");
    }
  }

  /** {@code understudy protect NAME}. */
  @Command(
      name = "protect",
      mixinStandardHelpOptions = true,
      description = "Lets nothing automatic remove an environment.")
  public static final class Protect extends PlainCommand {
    public Protect() {
      super("protect", "protected");
    }
  }

  /** {@code understudy unprotect NAME}. */
  @Command(
      name = "unprotect",
      mixinStandardHelpOptions = true,
      description = "Lets its policy decide again what becomes of an environment.")
  public static final class Unprotect extends PlainCommand {
    public Unprotect() {
      super("unprotect", "not protected any more");
    }
  }
}
