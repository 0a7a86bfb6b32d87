package dev.understudy.server;

import dev.understudy.server.command.CheckCommand;
import dev.understudy.server.command.DemoCommand;
import dev.understudy.server.command.DoctorCommand;
import dev.understudy.server.command.NameCommand;
import dev.understudy.server.command.PoolCommand;
import dev.understudy.server.command.ServeCommand;
import dev.understudy.server.command.TokenCommand;
import dev.understudy.server.command.UpCommand;
import dev.understudy.server.command.UrlCommand;
import dev.understudy.server.command.remote.CreateCommand;
import dev.understudy.server.command.remote.DropCommand;
import dev.understudy.server.command.remote.ExtendCommand;
import dev.understudy.server.command.remote.FindingsCommand;
import dev.understudy.server.command.remote.ForcibleCommand;
import dev.understudy.server.command.remote.LabelCommand;
import dev.understudy.server.command.remote.ListCommand;
import dev.understudy.server.command.remote.LogsCommand;
import dev.understudy.server.command.remote.PlainCommand;
import dev.understudy.server.command.remote.RunCommand;
import dev.understudy.server.command.remote.ShowCommand;
import dev.understudy.server.command.remote.SnapshotCommand;
import dev.understudy.server.command.remote.SnapshotsCommand;
import dev.understudy.server.command.remote.SourcesCommand;
import dev.understudy.server.command.remote.UndropCommand;
import dev.understudy.server.command.remote.UsageCommand;
import dev.understudy.server.command.remote.WaitCommand;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
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
      TokenCommand.class,
      NameCommand.class,
      ListCommand.class,
      ShowCommand.class,
      CreateCommand.class,
      RunCommand.class,
      WaitCommand.class,
      ForcibleCommand.Refresh.class,
      ForcibleCommand.Reset.class,
      ForcibleCommand.Suspend.class,
      PlainCommand.Resume.class,
      PlainCommand.Protect.class,
      PlainCommand.Unprotect.class,
      ExtendCommand.class,
      LabelCommand.class,
      DropCommand.class,
      UndropCommand.class,
      LogsCommand.class,
      SourcesCommand.class,
      SnapshotsCommand.class,
      FindingsCommand.class,
      SnapshotCommand.class,
      UsageCommand.class,
      GenerateCompletion.class
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
