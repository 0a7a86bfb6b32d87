package dev.understudy.cloner.life;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An environment that exists.
 *
 * @param used when a client last did something, in own time
 * @param expires by the wall clock; null: never
 * @param guarded nothing automatic removes it
 */
record Living(Content content, Span used, @Nullable Duration expires, boolean guarded) {
  Living with(Content other) {
    return new Living(other, used, expires, guarded);
  }

  Living used(Span when) {
    return new Living(content, when, expires, guarded);
  }

  Living expiring(@Nullable Duration when) {
    return new Living(content, used, when, guarded);
  }

  Living guarded(boolean on) {
    return new Living(content, used, expires, on);
  }
}
