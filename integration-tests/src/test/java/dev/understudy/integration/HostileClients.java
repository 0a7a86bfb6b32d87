package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.LoopImage;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients that say nothing, and as many that begin with TLS and then say nothing more. System
 * property {@code understudy.strangers}: how many of each. It measures, and so runs only when it is
 * named, on a machine that does nothing else.
 */
@Tag("alone")
class HostileClients {
  private static final int STRANGERS = Integer.getInteger("understudy.strangers", 400);
  private static final int LOGINS = 100;

  /** That of the settings' default only where there are many. */
  private static final Duration TIMEOUT = Duration.ofSeconds(STRANGERS > 1000 ? 15 : 5);

  /** Of memory, for whom is not authenticated, however many they are. */
  private static final long BOUND = 200L << 20;

  @TempDir private Path directory;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void theyHoldUpNobodyAndAreGoneAtTheDeadline() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .algorithm(CertificateBuilder.Algorithm.ecp256)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificateFile =
        Files.writeString(directory.resolve("server.crt"), certificate.getCertificatePEM());
    Path keyFile =
        Files.writeString(directory.resolve("server.key"), certificate.getPrivateKeyPEM());
    String listen =
        "listen { startup-timeout = %ds, tls { certificate = \"%s\", private-key = \"%s\" } }"
            .formatted(TIMEOUT.toSeconds(), certificateFile, keyFile);
    LoopImage.Type fileSystem =
        LoopImage.impediment(LoopImage.Type.BTRFS).isEmpty() ? LoopImage.Type.BTRFS : null;
    try (Shop shop =
            Shop.open(
                Installations.embedded(),
                fileSystem,
                "\"pr-*\" { source = prod, database = shop }",
                listen);
        Connection first = shop.connect("shop@pr-1")) {
      assertThat(first.isValid(10)).isTrue();
      // The first ones load and compile code, here and there.
      logins(shop, TIMEOUT);
      Figures quiet = Figures.of(logins(shop, TIMEOUT));
      long memory = memory(shop.daemon().pid());
      int port = shop.daemon().port();
      long begun = System.nanoTime();
      try (Strangers silent = Strangers.connect(port, STRANGERS, new byte[0]);
          Strangers halfWay = Strangers.connect(port, STRANGERS, Strangers.clientHello())) {
        long connected = System.nanoTime();
        // While the last of them may be there.
        Figures meanwhile = Figures.of(logins(shop, TIMEOUT.minusSeconds(1)));
        long growth = memory(shop.daemon().pid()) - memory;
        System.out.printf(
            "%d silent and %d half-way connected in %d ms, %d and %d still there after the"
                + " logins%n",
            STRANGERS,
            STRANGERS,
            TimeUnit.NANOSECONDS.toMillis(connected - begun),
            silent.open(),
            halfWay.open());
        System.out.printf(
            "logins: quiet %s, meanwhile %s; memory: %d MiB more, %d descriptors%n",
            quiet, meanwhile, growth >> 20, descriptors(shop.daemon().pid()));
        Await.within(
            TIMEOUT.plusSeconds(5),
            "all strangers gone",
            () -> silent.open() + halfWay.open() == 0);
        assertThat(meanwhile.median()).isLessThanOrEqualTo(2 * quiet.median());
        assertThat(growth).isLessThan(BOUND);
      }
      assertThat(first.isValid(10)).isTrue();
    }
  }

  /** Nanoseconds that each took, one after the other for so long at most. */
  private static List<Long> logins(Shop shop, Duration longest) throws SQLException {
    List<Long> taken = new ArrayList<>();
    long end = System.nanoTime() + longest.toNanos();
    while (taken.size() < LOGINS && System.nanoTime() < end) {
      long begun = System.nanoTime();
      shop.connect("shop@pr-1").close();
      taken.add(System.nanoTime() - begun);
    }
    return taken;
  }

  /** Bytes that the process has in memory. */
  private static long memory(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  private static long descriptors(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.count();
    }
  }

  /** In nanoseconds. */
  private record Figures(int count, long median, long longest) {
    static Figures of(List<Long> taken) {
      List<Long> sorted = new ArrayList<>(taken);
      Collections.sort(sorted);
      return new Figures(sorted.size(), sorted.get(sorted.size() / 2), sorted.getLast());
    }

    @Override
    public String toString() {
      return "%.1f ms (of %d; at most %.1f)".formatted(median / 1e6, count, longest / 1e6);
    }
  }
}
