package dev.understudy.cloner.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.RunAs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxIT {
  @TempDir private Path directory;
  private Account account;
  private SandboxFiles files;
  private SandboxProbe probe;

  @BeforeEach
  void prepare() throws Exception {
    account = RunAs.resolve(null, directory, Set.of());
    files = SandboxFiles.write(directory.resolve("sandbox"), account);
    probe = new SandboxProbe(directory, account);
  }

  @Test
  void bubblewrapHolds() throws Exception {
    SandboxReport.Attempt attempt = probe.attempt(new Bubblewrap(files, true));

    assertThat(attempt.faults()).isEmpty();
    assertThat(attempt.loopback()).isTrue();
  }

  @Test
  void utilLinuxHolds() throws Exception {
    SandboxReport.Attempt attempt = probe.attempt(new UtilLinux(files));

    assertThat(attempt.faults()).isEmpty();
  }

  @Test
  void theProbeSeesThatNothingHoldsWithoutASandbox() throws Exception {
    SandboxReport.Attempt attempt = probe.attempt(new NoSandbox(directory));

    assertThat(attempt.faults())
        .contains("/run is seen", "other processes are seen", "/data is not writable");
    assertThat(new SandboxReport(List.of(attempt)).sandbox()).isEmpty();
  }

  @Test
  void theFirstThatHoldsIsTakenAndNothingIsLeft() throws Exception {
    SandboxReport report = probe.run();

    assertThat(report.sandbox()).containsInstanceOf(Bubblewrap.class);
    assertThat(report.lines()).singleElement().asString().endsWith(": holds");
    try (var left = Files.list(directory.resolve("sandbox"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "root", "passwd", "group", "hosts", "nsswitch.conf", "network-nsswitch.conf");
    }
  }
}
