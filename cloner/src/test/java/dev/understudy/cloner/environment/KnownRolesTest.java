package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneRoles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is known of an environment's roles, whatever becomes of it. */
final class KnownRolesTest extends RolesFixture {
  @Test
  void whatWasReadLastBeforeASleepIsWhatTheNextDaemonKnows() throws Exception {
    openAndSettle("pr-1");
    said = List.of(APP, FRESH);

    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
    assertThat(known("pr-1", "fresh")).contains(FRESH);
    Path file = clone("pr-1").resolve("roles.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    bench.restart();
    assertThat(known("pr-1", "fresh")).contains(FRESH);
    assertThat(known("pr-1", "app")).contains(APP);
    assertThat(known("pr-1", "other")).isEmpty();
  }

  @Test
  void aRecordThatCannotBeReadCostsNothingElse() throws Exception {
    openAndSettle("pr-1");
    Bench.await(bench.environments.suspend("pr-1", true));
    Files.writeString(clone("pr-1").resolve("roles.json"), "{ torn");

    bench.restart();
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    bench.open("pr-1");
    awaitReadings(readings.size() + 1);
    assertThat(known("pr-1", "app")).contains(APP);
  }

  @Test
  void theNextDaemonAsksServersThatRun() throws Exception {
    openAndSettle("pr-1");
    said = List.of(APP, FRESH);

    bench.restart();
    assertThat(known("pr-1", "app")).as("written down").contains(APP);
    awaitReadings(readings.size() + 1);
    Await.soon(() -> known("pr-1", "fresh").isPresent());
  }

  @Test
  void rolesFollowTheirCloneIntoTheTrashAndBack() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    said = List.of(APP, FRESH);
    openAndSettle("pr-1");

    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    bench.open("pr-1");
    assertThat(bench.environments.roles("pr-1")).as("of another clone").isEmpty();

    Bench.await(bench.environments.undrop("pr-1", "pr-2"));
    assertThat(known("pr-2", "fresh")).contains(FRESH);
  }

  @Test
  void aResetEnvironmentBeginsWithThoseOfItsSnapshot() throws Exception {
    said = List.of(APP, FRESH);
    openAndSettle("pr-1").close();

    said = List.of(APP);
    Bench.await(bench.environments.reset("pr-1", true));
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    awaitReadings(readings.size() + 1);
    Await.soon(() -> bench.environments.roles("pr-1").isPresent());
    assertThat(known("pr-1", "fresh")).isEmpty();
  }

  @Test
  void aBranchBeginsWithThoseOfItsParent() throws Exception {
    said = List.of(APP, FRESH);
    openAndSettle("pr-1");

    Bench.await(bench.environments.create("pr-2", new CreateFrom.Environment("pr-1"), null));
    assertThat(known("pr-2", "fresh")).contains(FRESH);
    assertThat(bench.environments.roles("pr-2"))
        .map(CloneRoles::cloneId)
        .contains(clone("pr-2").getFileName().toString());
  }

  @Test
  void whoIsARoleOfOneCloneGetsNoOther() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    openAndSettle("pr-1").close();
    String id = clone("pr-1").getFileName().toString();

    Bench.await(bench.environments.open(of(id, null))).close();
    assertThat(Bench.failureOf(bench.environments.open(of(id, "token"))))
        .satisfies(refusal -> {
          assertThat(refusal.kind()).isEqualTo(EnvironmentUnavailable.Kind.REPLACED);
          assertThat(refusal).hasMessageContaining("does not begin anew");
        });
    assertThat(clone("pr-1").getFileName()).as("not reset").hasToString(id);

    Bench.await(bench.environments.reset("pr-1", true));
    assertRefused(of(id, null));
    Bench.await(bench.environments.drop("pr-1"));
    assertRefused(of(id, null));
    assertRefused(of(id, "token"));
    assertThat(bench.environments.list()).as("none is made for it").isEmpty();
    assertThat(bench.environments.size()).isZero();
  }

  @Test
  void aSleepingCloneIsWokenForItsOwnRole() throws Exception {
    openAndSettle("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    Path clone = clone("pr-1");

    assertThat(
            Bench.await(bench.environments.open(of(clone.getFileName().toString(), null))).socket())
        .isEqualTo(bench.directory.resolve("run").resolve(clone.getFileName() + "/.s.PGSQL.5432"));
  }

  private void assertRefused(EnvironmentRequest request) throws Exception {
    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.open(request));
    assertThat(refusal.sqlState()).isEqualTo("28000");
    assertThat(refusal).hasMessageContaining("was replaced");
    assertThat(refusal.hint()).isPresent();
  }

  private static EnvironmentRequest of(String clone, @Nullable String fresh) {
    return new EnvironmentRequest("pr-1", "shop", "fresh", fresh, clone);
  }
}
