package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.cloner.source.Lsn;
import dev.understudy.cloner.standby.LogWatch.Sign;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ProspectsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Prospects.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Prospects prospects = new Prospects("prod", false);

  @BeforeEach
  void listen() {
    told.start();
    logger.addAppender(told);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(told);
  }

  private static ReplicaStatus status(boolean streaming) {
    return new ReplicaStatus(new Lsn(1), null, streaming, null, null, false, false);
  }

  @Test
  void anotherClusterIsToldOnceUntilProductionIsBack() {
    prospects.saw(Set.of(Sign.OTHER_CLUSTER));
    prospects.saw(status(false));
    prospects.saw(Set.of(Sign.OTHER_CLUSTER));
    assertThat(told.list).hasSize(1);
    assertThat(prospects.lost()).isEmpty();

    prospects.saw(status(true));
    prospects.saw(Set.of(Sign.OTHER_CLUSTER));
    assertThat(told.list).hasSize(2);
  }

  @Test
  void archiveIsGivenTimeToBringWhatProductionHasRemoved() {
    Prospects archived = new Prospects("prod", true);
    archived.saw(Set.of(Sign.WAL_REMOVED));
    assertThat(archived.lost()).isEmpty();
    archived.sawSlotLost();
    assertThat(archived.lost()).contains("production has given up the slot");

    prospects.saw(Set.of(Sign.WAL_REMOVED));
    assertThat(prospects.lost()).contains("production has removed WAL that it still needs");
    prospects.saw(status(true));
    assertThat(prospects.lost()).isEmpty();
  }
}
