package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.cloner.cgroup.GroupsWhenNeeded;
import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.RunAs;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolChoice;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PostgresInstallations;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.sandbox.NoSandbox;
import dev.understudy.cloner.sandbox.Sandbox;
import dev.understudy.cloner.sandbox.SandboxProbe;
import dev.understudy.cloner.sandbox.SandboxReport;
import dev.understudy.config.MinFree;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this host offers to clones, probed once at the start. */
record Foundation(
    Pool pool,
    PostgresInstallations installations,
    SandboxedServers servers,
    GroupsWhenNeeded groups) {
  private static final Logger LOG = LoggerFactory.getLogger(Foundation.class);

  Foundation {
    requireNonNull(pool, "pool is null");
    requireNonNull(installations, "installations is null");
    requireNonNull(servers, "servers is null");
    requireNonNull(groups, "groups is null");
  }

  /**
   * Probes it for the settings of now.
   *
   * @param minFree as it is now
   */
  static Foundation probe(Settings settings, Path directory, Supplier<MinFree> minFree)
      throws ClonerException, IOException, InterruptedException {
    Account account = account(settings, directory);
    GroupsWhenNeeded groups = new GroupsWhenNeeded(new ControlGroupProbe(directory));
    prepare(groups, settings);
    Pool pool = pool(directory, minFree);
    Sandbox sandbox = sandbox(settings, directory, account);
    PostgresInstallations installations = new PostgresInstallations(settings.postgresqlBinaries());
    return new Foundation(
        pool, installations, new SandboxedServers(installations, sandbox, account), groups);
  }

  private static Account account(Settings settings, Path directory)
      throws ClonerException, InterruptedException {
    try {
      Set<Integer> owners = new HashSet<>();
      for (Source source : settings.sources().values()) {
        switch (source.type()) {
          case SourceType.Directory type when Files.exists(type.path()) ->
              owners.add((Integer) Files.getAttribute(type.path(), "unix:uid"));
          case SourceType.Directory _, SourceType.Standby _, SourceType.Dump _ -> {}
        }
      }
      Account account = RunAs.resolve(settings.runAs(), directory, owners);
      LOG.info("clones run as {} (uid {})", account.name(), account.uid());
      return account;
    } catch (IOException e) {
      throw new ClonerException(
          String.valueOf(e.getMessage()),
          "Name another user in run-as: neither root nor the owner of a source.",
          e);
    }
  }

  /** Sees to what other settings need beyond those that were probed for. */
  void prepare(Settings settings) throws ClonerException {
    prepare(groups, settings);
  }

  /** Where one clone is limited, each has a group: a weight means something among others only. */
  private static void prepare(GroupsWhenNeeded groups, Settings settings) throws ClonerException {
    if (settings.environments().stream().noneMatch(policy -> policy.resources().needsGroup())) {
      return;
    }
    try {
      groups.need();
    } catch (IOException e) {
      throw new ClonerException(
          "this host cannot limit clones: " + e,
          "Start as root, or with Delegate=yes in the systemd unit; or take memory, cpu-weight and"
              + " processes out of the settings.",
          e);
    }
  }

  private static Pool pool(Path directory, Supplier<MinFree> minFree) throws IOException {
    PoolChoice choice = PoolProbe.choose(directory, minFree);
    PoolChoice.Trial chosen = choice.trials().getLast();
    if (choice.pool().sharesBlocks()) {
      LOG.info("pool: {}: {}", chosen.name(), chosen.words());
    } else {
      choice.trials().forEach(trial -> LOG.warn("pool: {}: {}", trial.name(), trial.words()));
    }
    choice.pool().recover();
    return choice.pool();
  }

  private static Sandbox sandbox(Settings settings, Path directory, Account account)
      throws ClonerException, IOException, InterruptedException {
    SandboxReport report = new SandboxProbe(directory, account).run();
    Optional<Sandbox> found = report.sandbox();
    if (found.isPresent()) {
      LOG.info("isolation: {}", found.get().describe());
      return found.get();
    }
    report.lines().forEach(line -> LOG.warn("isolation: {}", line));
    return switch (settings.isolation()) {
      case REQUIRED ->
          throw new ClonerException(
              "this host cannot isolate clones: " + String.join("; ", report.lines()),
              "Install what is missing. With isolation = none in the settings clones run without"
                  + " a sandbox, and whoever is superuser in one can do what its user can.",
              null);
      case NONE -> {
        LOG.warn("isolation = none: clones run without a sandbox");
        yield new NoSandbox(directory);
      }
    };
  }

  /** By major version. */
  Optional<PostgresBinaries> binaries(int major) {
    try {
      return installations.find(major);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
