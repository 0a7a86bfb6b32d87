package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.Isolation;
import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import dev.understudy.server.Logging;
import dev.understudy.server.doctor.Doctor;
import dev.understudy.server.doctor.HostGroups;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code understudy doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Says what this host can and cannot do for Understudy, and what to install.")
public final class DoctorCommand implements Callable<Integer> {
  private static final Path USUAL = Path.of("/var/lib/understudy");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "look at what these settings need; without it, at what a start would find here")
  private @Nullable Path file;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws SettingsException, InterruptedException {
    Logging.warningsOnly();
    boolean healthy = doctor().examine(requireNonNull(spec, "spec is null").commandLine().getOut());
    return healthy ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Doctor doctor() throws SettingsException {
    if (file == null) {
      // An ordinary user's first use is the demo, which lives in the directory for temporary files.
      Path place =
          Accounts.isRoot() ? USUAL : Path.of(System.getProperty("java.io.tmpdir"), "understudy");
      return new Doctor(place, null, List.of(), List.of(), false, false);
    }
    Settings settings = SettingsFile.read(file).settings();
    return new Doctor(
        settings.dataDirectory(),
        settings.runAs(),
        settings.postgresqlBinaries(),
        settings.sources().values(),
        settings.isolation() == Isolation.NONE,
        HostGroups.areNeeded(settings.environments()));
  }
}
