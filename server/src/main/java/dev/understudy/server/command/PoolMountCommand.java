package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolImageException;
import dev.understudy.server.CommandException;
import dev.understudy.server.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy pool mount}. */
@Command(
    name = "mount",
    mixinStandardHelpOptions = true,
    description = {
      "Mounts the pool of a data directory, as the start of the daemon does.",
      "For daemons that run as an ordinary user. Needs root."
    })
public final class PoolMountCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption dataDirectory = new DataDirectoryOption();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Logging.warningsOnly();
    Path directory = dataDirectory.read();
    return Termination.guard(() -> mount(directory));
  }

  private int mount(Path directory) throws Exception {
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    try {
      boolean mounted = PoolImage.mount(directory);
      out.println(directory + (mounted ? ": mounted" : ": nothing to mount"));
    } catch (PoolImageException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
    out.flush();
    return ExitCode.OK;
  }
}
