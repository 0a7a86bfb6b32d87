package dev.understudy.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.Ending;
import dev.understudy.cloner.environment.Endings;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.server.SampleEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvironmentViewsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final Ending EXPIRY = ending(Duration.ofDays(3), TrashReason.EXPIRED);
  private static final Ending IDLE = ending(Duration.ofHours(30), TrashReason.IDLE);

  @Test
  void showsTheEndThatComesFirst() throws Exception {
    assertThat(shown(new Endings(EXPIRY, IDLE), NOW)).containsExactly(IDLE.at(), null);
    assertThat(shown(new Endings(EXPIRY, null), NOW)).containsExactly(EXPIRY.at(), null);
    assertThat(shown(Endings.NONE, NOW)).containsOnlyNulls();
  }

  @Test
  void warnsAsLongBeforeTheEndAsWhoConnectsIsWarned() throws Exception {
    Endings idle = new Endings(EXPIRY, IDLE);
    Endings expiry = new Endings(EXPIRY, null);

    assertThat(shown(idle, IDLE.warnFrom().minusMillis(1))).endsWith((Object) null);
    assertThat(shown(idle, IDLE.warnFrom()))
        .containsExactly(IDLE.at(), "will be dropped in 24 h if nobody uses it");
    assertThat(shown(expiry, EXPIRY.at().minusSeconds(600)))
        .containsExactly(EXPIRY.at(), "expires in 10 min");
  }

  private static Ending ending(Duration in, TrashReason reason) {
    Instant at = NOW.plus(in);
    return new Ending(at, reason, at.minus(Duration.ofDays(1)));
  }

  /** The columns {@code ends_at} and {@code warning}. */
  private static List<@Nullable Object> shown(Endings endings, Instant now) throws Exception {
    EnvironmentStatus environment = SampleEnvironment.named("pr-1").endingBy(endings).status();
    View<EnvironmentStatus> view =
        EnvironmentViews.environments(() -> List.of(environment), () -> now);
    assertThat(view.columns().subList(11, 13))
        .extracting(column -> column.name())
        .containsExactly("ends_at", "warning");
    return view.execute().get(20, TimeUnit.SECONDS).rows().getFirst().subList(11, 13);
  }
}
