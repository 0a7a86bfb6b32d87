package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code understudy pool}. */
@Command(
    name = "pool",
    mixinStandardHelpOptions = true,
    description = "The file system that snapshots and clones lie on.",
    subcommands = {PoolCreateCommand.class, PoolMountCommand.class})
public final class PoolCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec, "spec is null").commandLine(), "create or mount is missing");
  }
}
