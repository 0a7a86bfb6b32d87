package dev.understudy.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageLedgerTest {
  private static final LocalDate DAY = LocalDate.of(2026, 2, 28);
  private static final Party APP = new Party("app", "pr-*");
  private static final Party NOBODY = new Party(null, "pr-*");

  @TempDir Path directory;

  @Test
  void addsUpADayAndKeepsThePeak() {
    UsageLedger ledger = new UsageLedger(directory);
    ledger.add(DAY, Map.of(APP, new Amount(10, 1, 500), NOBODY, new Amount(0, 0, 7)));
    ledger.add(DAY, Map.of(APP, new Amount(20, 2, 300)));

    assertThat(ledger.between(DAY, DAY))
        .containsExactly(
            new UsageRow(DAY, NOBODY, new Amount(0, 0, 7)),
            new UsageRow(DAY, APP, new Amount(30, 3, 500)));
  }

  @Test
  void whatWasAddedIsThereForTheNextDaemonHoweverThisOneEnds() throws Exception {
    new UsageLedger(directory).add(DAY, Map.of(APP, new Amount(10, 1, 500)));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("2026-02-28.json"))))
        .isEqualTo("rw-------");

    UsageLedger next = new UsageLedger(directory);
    assertThat(next.between(DAY, DAY)).hasSize(1);
    next.add(DAY, Map.of(APP, new Amount(5, 1, 100)));
    assertThat(next.between(DAY, DAY))
        .containsExactly(new UsageRow(DAY, APP, new Amount(15, 2, 500)));
  }

  @Test
  void eachDayIsOneOfItsOwnAlsoIfTheClockIsSetBack() {
    UsageLedger ledger = new UsageLedger(directory);
    ledger.add(DAY, Map.of(APP, new Amount(1, 0, 0)));
    ledger.add(DAY.plusDays(1), Map.of(APP, new Amount(2, 0, 0)));
    ledger.add(DAY, Map.of(APP, new Amount(4, 0, 0)));

    assertThat(ledger.between(DAY.minusDays(1), DAY.plusDays(1)))
        .containsExactly(
            new UsageRow(DAY, APP, new Amount(5, 0, 0)),
            new UsageRow(DAY.plusDays(1), APP, new Amount(2, 0, 0)));
    assertThat(ledger.between(DAY.plusDays(1), DAY.plusDays(9))).hasSize(1);
    assertThat(ledger.between(DAY.plusDays(2), DAY.plusDays(9))).isEmpty();
  }

  @Test
  void aBrokenFileCostsItsDayAlone() throws Exception {
    UsageLedger ledger = new UsageLedger(directory);
    ledger.add(DAY, Map.of(APP, new Amount(1, 0, 0)));
    ledger.add(DAY.plusDays(1), Map.of(APP, new Amount(2, 0, 0)));
    Files.writeString(directory.resolve(DAY + ".json"), "{\"day\": \"2026-0");
    Files.copy(
        directory.resolve(DAY.plusDays(1) + ".json"),
        directory.resolve(DAY.minusDays(1) + ".json"));

    UsageLedger next = new UsageLedger(directory);
    next.add(DAY.plusDays(2), Map.of(APP, new Amount(3, 0, 0)));
    assertThat(next.between(DAY.minusDays(9), DAY.plusDays(9)))
        .extracting(UsageRow::day)
        .containsExactly(DAY.plusDays(1), DAY.plusDays(2));
    next.add(DAY, Map.of(APP, new Amount(9, 0, 0)));
    assertThat(next.between(DAY, DAY)).as("from nothing").hasSize(1);
  }

  @Test
  void theYoungestDaysAreKept() {
    UsageLedger ledger = new UsageLedger(directory);
    for (int i = 0; i < UsageLedger.MOST_DAYS + 5; i++) {
      ledger.add(DAY.plusDays(2L * i), Map.of(APP, new Amount(1, 0, 0)));
    }

    List<UsageRow> rows = ledger.between(LocalDate.MIN, LocalDate.MAX);
    assertThat(rows.getLast().day()).isEqualTo(DAY.plusDays(2L * (UsageLedger.MOST_DAYS + 4)));
    assertThat(rows).hasSize(UsageLedger.MOST_DAYS);
    assertThat(directory).isDirectoryNotContaining("glob:**2026-02-28.json");
  }

  @Test
  void whatCannotBeWrittenIsWrittenLater() throws Exception {
    Path place = directory.resolve("usage");
    UsageLedger ledger = new UsageLedger(place);
    ledger.add(DAY, Map.of(APP, new Amount(1, 0, 0)));
    assertThat(ledger.between(DAY, DAY)).hasSize(1);

    Files.createDirectory(place);
    ledger.add(DAY, Map.of());
    assertThat(new UsageLedger(place).between(DAY, DAY)).hasSize(1);
  }
}
