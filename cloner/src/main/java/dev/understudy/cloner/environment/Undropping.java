package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.Trashed;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The return of an environment out of the trash, asleep. */
final class Undropping {
  private static final Logger LOG = LoggerFactory.getLogger(Undropping.class);

  /** How long it is kept at least, although it has expired. */
  static final Duration KEPT = Duration.ofDays(1);

  private final Environment environment;
  private final EnvironmentHost host;

  /**
   * @param environment that it becomes
   */
  Undropping(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * Begins.
   *
   * @param former name that it had
   * @return null if the environment's object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentRecord> ask(String former) {
    if (environment.state().isSettled()) { // who connects to it is not to wait
      return CompletableFuture.failedFuture(
          OperationRefusals.livesAnew(environment.name(), former));
    }
    return environment.tasks().submitStop("had back", () -> undrop(former));
  }

  private EnvironmentRecord undrop(String former) throws EnvironmentUnavailable {
    host.requireOpen();
    if (environment.pointer() != null) {
      throw OperationRefusals.livesAnew(environment.name(), former);
    }
    Trashed trashed =
        host.trash()
            .take(former)
            .orElseThrow(() -> OperationRefusals.notInTrash(former, host.trash()));
    boolean done = false;
    try (Place _ = host.population().enter(environment, trashed.record().environment().owner())) {
      Pointer pointer = point(trashed);
      done = true;
      environment.made(pointer);
      host.trash().done(trashed);
      host.settling().add(environment);
      LOG.info("environment {}: had back, it was {}", environment.name(), former);
      return pointer.record();
    } finally {
      if (!done) {
        host.trash().putBack(trashed);
      }
    }
  }

  /** Where its own time is over, whoever wants it back has some to say for how long. */
  private EnvironmentRecord had(EnvironmentRecord last, Lifetime lifetime) {
    host.alarms().lookAtClock();
    Instant now = host.clock().instant();
    Instant until = now.plus(KEPT);
    Ending expiry = Ending.expiry(last, lifetime);
    boolean over = expiry != null && expiry.at().isBefore(until);
    return (over ? last.keptUntil(until) : last).lastActiveAt(now).hadBackAt(now);
  }

  private Pointer point(Trashed trashed) throws EnvironmentUnavailable {
    String name = environment.name();
    EnvironmentRecord last = trashed.record().environment();
    EnvironmentPolicy policy = host.policies().of(name).orElseThrow(() -> Refusals.unknown(name));
    String source = policy.source();
    if (!source.equals(last.source())) {
      throw Refusals.otherSource(last.named(name), source);
    }
    String mask = trashed.target().origin().mask();
    if (!host.snapshots().isWanted(source, mask)) {
      throw OperationRefusals.trashedMaskedOtherwise(last.name());
    }
    EnvironmentRecord record = had(last.named(name), policy.lifetime());
    Clone clone = trashed.target();
    try {
      host.store().write(record, clone.outlivesCrash());
    } catch (IOException e) {
      throw Refusals.notRecorded(name, e);
    }
    try {
      host.clones().restore(clone);
    } catch (IOException e) {
      // Who owns a clone is told by the environment's record; the next start of its server
      // records its state.
      LOG.warn("{}: {}", requireNonNull(clone), e.toString());
    }
    return new Pointer(record, clone, false);
  }
}
