package dev.understudy.cloner.environment;

import dev.understudy.cloner.spare.Spare;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Room for one more server, in which a spare may run already that is set aside for who got the
 * room. Not thread-safe.
 */
final class ServerPlace implements Place {
  private final Consumer<Optional<Spare>> onClose;
  private @Nullable Spare spare;

  /**
   * @param spare runs there; null: none does
   * @param onClose told of the spare, if nobody has taken it
   */
  ServerPlace(@Nullable Spare spare, Consumer<Optional<Spare>> onClose) {
    this.spare = spare;
    this.onClose = onClose;
  }

  /**
   * The spare. Its clone is the caller's from then on, who removes it before any other server is
   * started here; its place is this one.
   */
  Optional<Spare> takeSpare() {
    Optional<Spare> taken = Optional.ofNullable(spare);
    spare = null;
    return taken;
  }

  @Override
  public void close() {
    onClose.accept(Optional.ofNullable(spare));
  }
}
