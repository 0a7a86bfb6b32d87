package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.pool.image.ImageType;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolImageException;
import dev.understudy.cloner.pool.image.PoolPlan;
import dev.understudy.config.SizeText;
import dev.understudy.server.CommandException;
import dev.understudy.server.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code understudy pool create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a file system that shares blocks, and mounts it on the data directory.",
      "The start of the daemon mounts it again. Needs root."
    })
public final class PoolCreateCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption dataDirectory = new DataDirectoryOption();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "of the file, at most, as 100G; it takes space only as it is filled")
  private @Nullable String size;

  @ArgGroup private @Nullable Place place;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "btrfs",
      description = "btrfs or xfs (default: ${DEFAULT-VALUE})")
  private ImageType type = ImageType.BTRFS;

  @Spec private @Nullable CommandSpec spec;

  private static final class Place {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "the sparse file to make (default: the data directory's name and .img)")
    private @Nullable Path file;

    @Option(
        names = "--device",
        paramLabel = "DEVICE",
        required = true,
        description = "a block device with nothing on it, instead of a file")
    private @Nullable Path device;
  }

  @Override
  public Integer call() throws Exception {
    Logging.warningsOnly();
    PoolPlan plan = plan();
    return Termination.guard(() -> create(plan));
  }

  private PoolPlan plan() throws Exception {
    Path directory = dataDirectory.read();
    if (place != null && place.device != null) {
      if (size != null) {
        throw usage("--size is for a file; a device is taken whole");
      }
      return new PoolPlan(directory, place.device.toAbsolutePath(), true, 0, type);
    }
    if (size == null) {
      throw usage("--size is missing; write for example --size 100G");
    }
    Path file =
        place == null || place.file == null
            ? PoolPlan.imageOf(directory)
            : place.file.toAbsolutePath().normalize();
    return new PoolPlan(directory, file, false, bytes(size), type);
  }

  private long bytes(String text) {
    try {
      return SizeText.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage("--size: " + e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(requireNonNull(spec, "spec is null").commandLine(), message);
  }

  private int create(PoolPlan plan) throws Exception {
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    try {
      PoolImage.create(plan).forEach(warning -> out.println("warning: " + warning));
    } catch (PoolImageException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
    out.printf(
        "%s: %s on %s; clones will be made by: %s%n",
        plan.dataDirectory(),
        plan.type().lowerCase(),
        plan.backing(),
        PoolProbe.choose(plan.dataDirectory()).pool().describe());
    out.println("The start of the daemon mounts it again after a reboot.");
    out.flush();
    return ExitCode.OK;
  }
}
