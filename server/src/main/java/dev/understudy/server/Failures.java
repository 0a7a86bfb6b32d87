package dev.understudy.server;

import dev.understudy.config.SettingsException;
import java.io.PrintWriter;
import picocli.CommandLine.ExitCode;

/** Tells people why a command ended: expected reasons in a line or two, others with their trace. */
final class Failures {
  private Failures() {}

  /** Returns the exit code. */
  static int tell(Exception e, PrintWriter err) {
    int code =
        switch (e) {
          case SettingsException settings -> {
            err.println(settings.getMessage());
            yield ExitCode.USAGE;
          }
          case CommandException command -> {
            err.println("understudy: " + command.getMessage());
            if (command.hint() != null) {
              err.println("hint: " + command.hint());
            }
            yield ExitCode.SOFTWARE;
          }
          default -> {
            err.println("understudy: unexpected failure, this is a bug");
            e.printStackTrace(err);
            yield ExitCode.SOFTWARE;
          }
        };
    err.flush();
    return code;
  }
}
