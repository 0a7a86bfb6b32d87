package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protection of an environment, which begins with its record: nothing automatic removes it from
 * then on. What it has is made durable after that. One that was protected stays durable.
 */
final class Guarding {
  private static final Logger LOG = LoggerFactory.getLogger(Guarding.class);

  private final Environment environment;
  private final EnvironmentHost host;

  Guarding(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /**
   * Completes with what is written then; exceptionally if there is no such environment, and if it
   * is guarded but not durable. Never blocks.
   */
  CompletableFuture<EnvironmentRecord> ask(boolean guarded) {
    return environment.tasks().submit("protected", () -> guard(guarded));
  }

  private EnvironmentRecord guard(boolean guarded) throws EnvironmentUnavailable {
    EnvironmentRecord record =
        new Changing(environment, host).change(before -> before.guarded(guarded));
    Pointer pointer = environment.pointer();
    if (guarded && pointer != null && pointer.target() != null) {
      try {
        makeSafe(pointer.target());
      } catch (CloneException | IOException e) {
        throw EnvironmentMaker.logged(
            record.name(), OperationRefusals.notDurable(record.name(), e));
      } catch (InterruptedException e) {
        throw Refusals.shuttingDown();
      }
    }
    return record;
  }

  private void makeSafe(Clone clone) throws CloneException, IOException, InterruptedException {
    if (clone.isDurable()) {
      return;
    }
    if (clone.server().isPresent()) {
      host.clones().makeDurable(clone);
    } else {
      host.clones().makeDurableAsleep(clone);
    }
    LOG.info(
        "environment {}: a crash of the host does not cost its data any more", environment.name());
  }
}
