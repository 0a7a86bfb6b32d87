package dev.understudy.cloner.hook;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.cgroup.ControlGroups;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.clone.StorageErrors;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.SandboxedTool;
import dev.understudy.cloner.sandbox.Reach;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Hook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs hooks beside a clone's server: in a sandbox and in the control group of the clone, so that a
 * hook reaches and takes what the clone may, and no more. Thread-safe.
 */
public final class SandboxedHooks implements HookRunner {
  /** Of making a sandbox. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String MAINTENANCE = "postgres";
  private static final Logger LOG = LoggerFactory.getLogger(SandboxedHooks.class);

  private final SandboxedServers servers;
  private final IntFunction<Optional<PostgresBinaries>> binaries;
  private final ControlGroups groups;
  private final Pool pool;
  private final Path directory;

  private SandboxedHooks(
      SandboxedServers servers,
      IntFunction<Optional<PostgresBinaries>> binaries,
      ControlGroups groups,
      Pool pool,
      Path directory) {
    this.servers = requireNonNull(servers, "servers is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.groups = requireNonNull(groups, "groups is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * Ends what an earlier daemon has left running.
   *
   * @param binaries by major version
   * @param pool deletes what hooks leave
   * @param directory the daemon's own, for what hooks write; made where there is none
   */
  public static SandboxedHooks open(
      SandboxedServers servers,
      IntFunction<Optional<PostgresBinaries>> binaries,
      ControlGroups groups,
      Pool pool,
      Path directory)
      throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    servers.killAllBelow(directory);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
      for (Path entry : left) {
        pool.delete(entry);
      }
    }
    return new SandboxedHooks(servers, binaries, groups, pool, directory);
  }

  @Override
  public void run(Clone clone, EnvironmentPolicy policy)
      throws CloneException, InterruptedException {
    int number = 0;
    for (Hook hook : policy.hooks().afterCreate()) {
      number++;
      long begun = System.nanoTime();
      run(clone, policy, hook, "hook %d (%s)".formatted(number, name(hook)));
      LOG.info(
          "{}: hook {} ({}) took {} ms",
          clone,
          number,
          name(hook),
          Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }
  }

  private void run(Clone clone, EnvironmentPolicy policy, Hook hook, String name)
      throws CloneException, InterruptedException {
    Path scratch = directory.resolve(clone.id());
    Path output = directory.resolve(clone.id() + ".log");
    try {
      prepare(hook, scratch);
      Duration timeout = policy.hooks().timeout();
      try (SandboxedTool tool = start(clone, policy, hook, scratch, output)) {
        OptionalInt status = tool.await(timeout);
        if (status.isEmpty()) {
          throw failed(name + " has not ended within " + timeout.toSeconds() + " s", tool.said());
        }
        if (status.getAsInt() != 0) {
          throw StorageErrors.translate(
              Reason.HOOK_FAILED,
              name + " has failed, status " + status.getAsInt(),
              tool.said(),
              pool);
        }
        LOG.debug("{}: {}: {}", clone, name, tool.said());
      }
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.HOOK_FAILED, name + " could not be run", e);
    } catch (UncheckedIOException e) {
      throw StorageErrors.translate(
          Reason.HOOK_FAILED,
          name + " could not be run",
          requireNonNull(e.getCause(), "UncheckedIOException without cause"));
    } finally {
      remove(scratch, output);
    }
  }

  /** A script is read now: whoever runs it sees neither its directory nor a later version. */
  private void prepare(Hook hook, Path scratch) throws IOException {
    Files.createDirectory(
        scratch,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (hook instanceof Hook.Script script) {
      Files.copy(script.file(), scratch.resolve(String.valueOf(script.file().getFileName())));
    }
  }

  private SandboxedTool start(
      Clone clone, EnvironmentPolicy policy, Hook hook, Path scratch, Path output)
      throws IOException, InterruptedException, CloneException {
    PostgresBinaries own =
        binaries
            .apply(clone.origin().version() / 10_000)
            .orElseThrow(() -> new IOException("the clone's binaries are gone"));
    Psql psql = Psql.find(own);
    if (psql == null && hook instanceof Hook.Script) {
      throw failed("there is no psql on this host", "A hook that is a file of SQL needs it.");
    }
    String database = database(hook, policy);
    return servers.startBeside(
        own,
        scratch,
        clone.socket(),
        reach(hook),
        inside ->
            new HookCommand(hook, database, clone.origin().superuser(), inside)
                .words(psql == null ? Path.of("psql") : psql.inside(inside)),
        output,
        identity -> place(clone, policy, identity.pid()),
        PATIENCE);
  }

  private void place(Clone clone, EnvironmentPolicy policy, long pid) {
    try {
      groups.place(clone.id(), policy.resources(), pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String database(Hook hook, EnvironmentPolicy policy) {
    if (hook.database() != null) {
      return hook.database();
    }
    return policy.database() == null ? MAINTENANCE : policy.database();
  }

  /** A directory is shown at its own path. */
  private static Reach reach(Hook hook) {
    if (hook instanceof Hook.Command command && command.directory() != null) {
      Path shown = command.directory();
      return new Reach(false, Map.of(shown.toString().substring(1), shown));
    }
    return Reach.NONE;
  }

  private static String name(Hook hook) {
    return switch (hook) {
      case Hook.Script script -> script.file().toString();
      case Hook.Command command -> command.words().getFirst();
    };
  }

  private static CloneException failed(String message, @Nullable String detail) {
    return new CloneException(
        Reason.HOOK_FAILED, message, detail == null || detail.isBlank() ? null : detail, null);
  }

  private void remove(Path scratch, Path output) {
    try {
      pool.delete(scratch);
      Files.deleteIfExists(output);
    } catch (IOException e) {
      LOG.warn("{} could not be removed, the next start tries again: {}", scratch, e.toString());
    }
  }
}
