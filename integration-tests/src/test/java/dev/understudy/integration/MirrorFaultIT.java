package dev.understudy.integration;

import static dev.understudy.integration.MirrorUnderTest.Outcome.ENDS;
import static dev.understudy.integration.MirrorUnderTest.Outcome.FAILS;
import static dev.understudy.integration.MirrorUnderTest.Outcome.MADE;

import dev.understudy.integration.MirrorUnderTest.Fault;
import dev.understudy.integration.MirrorUnderTest.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a mirror depends on is killed while it works: meanwhile the snapshot of before serves, and
 * the next one is made when there is what it needs.
 */
@Timeout(1800)
class MirrorFaultIT {
  /** In every phase, instead of some. */
  private static final boolean THOROUGH =
      Integer.getInteger("understudy.mirror-kill-rounds", 0) > 0;

  private static final Fault NOTHING = () -> true;

  @Test
  void whatAStandbyNeedsIsKilled() throws Exception {
    try (MirroredShop shop = MirroredShop.open(MirroredShop.Type.STANDBY);
        MirrorUnderTest mirror = MirrorUnderTest.open(shop)) {
      mirror.loseReplica();
      mirror.survives(MirrorPhase.BASE_BACKUP, () -> killTools(shop), NOTHING, FAILS);

      mirror.survives(MirrorPhase.CUT, shop.data()::killStandby, NOTHING, MADE);
      if (THOROUGH) {
        mirror.survives(MirrorPhase.STANDBY_STOPS, shop.data()::killStandby, NOTHING, ENDS);
        mirror.survives(MirrorPhase.SCRIPT, shop.data()::killStandby, NOTHING, MADE);
      }

      for (MirrorPhase phase :
          THOROUGH
              ? List.of(MirrorPhase.NEUTRALISATION, MirrorPhase.COLUMNS, MirrorPhase.SCRIPT)
              : List.of(MirrorPhase.COLUMNS)) {
        mirror.survives(phase, shop.data()::killSnapshotServer, NOTHING, FAILS);
      }

      mirror.loseReplica();
      survivesItsProduction(shop, mirror, MirrorPhase.BASE_BACKUP, FAILS);
      if (THOROUGH) {
        survivesItsProduction(shop, mirror, MirrorPhase.COLUMNS, MADE);
        survivesItsProduction(shop, mirror, MirrorPhase.CUT, MADE);
      }
      shop.nothingIsLeft();
    }
  }

  @Test
  void whatADumpNeedsIsKilled() throws Exception {
    try (MirroredShop shop = MirroredShop.open(MirroredShop.Type.DUMP);
        MirrorUnderTest mirror = MirrorUnderTest.open(shop)) {
      survivesItsProduction(shop, mirror, MirrorPhase.PG_DUMP, FAILS);
      if (THOROUGH) {
        mirror.survives(MirrorPhase.PG_RESTORE, () -> killTools(shop), NOTHING, FAILS);
        survivesItsProduction(shop, mirror, MirrorPhase.PG_RESTORE, ENDS);
        mirror.survives(MirrorPhase.PG_RESTORE, shop.data()::killSnapshotServer, NOTHING, FAILS);
      }
      shop.nothingIsLeft();
    }
  }

  private static boolean killTools(MirroredShop shop) {
    List<ProcessHandle> tools = ServerProcesses.tools(shop.data().path(), shop.production().port());
    tools.forEach(ProcessHandle::destroyForcibly);
    return !tools.isEmpty();
  }

  private static void survivesItsProduction(
      MirroredShop shop, MirrorUnderTest mirror, MirrorPhase phase, Outcome outcome)
      throws Exception {
    mirror.survives(
        phase,
        () -> {
          shop.production().kill();
          return true;
        },
        () -> {
          shop.production().restart();
          return true;
        },
        outcome);
  }
}
