package dev.understudy.server;

import dev.understudy.server.command.CheckCommand;
import dev.understudy.server.command.DemoCommand;
import dev.understudy.server.command.DoctorCommand;
import dev.understudy.server.command.NameCommand;
import dev.understudy.server.command.PoolCommand;
import dev.understudy.server.command.ServeCommand;
import dev.understudy.server.command.UpCommand;
import dev.understudy.server.command.UrlCommand;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code understudy COMMAND}. */
@Command(
    name = "understudy",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Private copy-on-write clones of a production PostgreSQL, made by connecting.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      PoolCommand.class,
      UrlCommand.class,
      NameCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the reason is on stderr",
      "2:wrong usage, or settings that are not valid"
    })
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The whole command line, to be run with writers of the caller's choice. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((e, command, parsed) -> Failures.tell(e, command.getErr()));
    line.setParameterExceptionHandler((e, args) -> usage(e));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }

  private static int usage(ParameterException e) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("understudy: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    e.getCommandLine().usage(err, Ansi.OFF);
    return CommandLine.ExitCode.USAGE;
  }
}
