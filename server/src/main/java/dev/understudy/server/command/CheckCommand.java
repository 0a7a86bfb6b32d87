package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import dev.understudy.server.doctor.HostGroups;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy check -c FILE}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Reads a settings file, tells all that is wrong with it, and starts nothing.")
public final class CheckCommand implements Callable<Integer> {
  @Mixin private final SettingsOption option = new SettingsOption();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws SettingsException {
    SettingsFile read = option.read();
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    read.warnings().forEach(warning -> out.println("warning: " + warning));
    if (HostGroups.areNeeded(read.settings().environments())) {
      HostGroups.fault()
          .ifPresent(fault -> out.println("warning: this host cannot limit clones: " + fault));
    }
    out.println(
        option.file()
            + ": valid; sources "
            + String.join(", ", read.settings().sources().keySet())
            + "; "
            + read.settings().environments().size()
            + " patterns of environments");
    out.flush();
    return ExitCode.OK;
  }
}
