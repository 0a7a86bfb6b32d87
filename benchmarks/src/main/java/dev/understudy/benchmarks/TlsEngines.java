package dev.understudy.benchmarks;

import static java.util.Objects.requireNonNull;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The JDK's engine for TLS and BoringSSL's, side by side. */
@Command(
    name = "tls",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the two engines that Netty can do TLS 1.3 with, in turn, as the proxy would use"
          + " them:",
      "handshakes and records without a network (processor time of the server's side), and",
      "connections and bulk data over loopback (clients use the JDK's engine in both cases)."
    })
final class TlsEngines implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "10",
      description = "measured, for each engine (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--handshakes",
      defaultValue = "500",
      description = "of each kind in a round (default: ${DEFAULT-VALUE})")
  private int handshakes;

  @Option(
      names = "--megabytes",
      defaultValue = "500",
      description = "each way in a round (default: ${DEFAULT-VALUE})")
  private int megabytes;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/target/tls",
      description = "path of the results without .md and .json (default: ${DEFAULT-VALUE})")
  private Path output = Path.of("");

  /**
   * One round with one engine.
   *
   * @param full handshakes per second of processor time, by the kind of the certificate
   * @param resumed the same, of clients that have been there
   * @param sent bytes per second of processor time, as {@code received}
   * @param connect nanoseconds over loopback, the median
   */
  record Round(
      Map<Algorithm, Double> full,
      double resumed,
      double sent,
      double received,
      long connect,
      TlsRelay.Flow toClient,
      TlsRelay.Flow fromClient) {}

  @Override
  public Integer call() throws Exception {
    OpenSsl.ensureAvailability();
    Map<Algorithm, X509Bundle> certificates = new EnumMap<>(Algorithm.class);
    for (Algorithm algorithm : List.of(Algorithm.ecp256, Algorithm.rsa2048)) {
      certificates.put(algorithm, certificate(algorithm));
    }
    Map<TlsEngine, List<Round>> results = new EnumMap<>(TlsEngine.class);
    for (int round = -1; round < rounds; round++) {
      for (TlsEngine engine : TlsEngine.values()) {
        Round result = round(engine, certificates);
        if (round >= 0) { // the first is for the compiler
          results.computeIfAbsent(engine, _ -> new ArrayList<>()).add(result);
        }
      }
    }
    Report.write(output, table(results), results);
    return 0;
  }

  private static X509Bundle certificate(Algorithm algorithm) throws Exception {
    return new CertificateBuilder()
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .setIsCertificateAuthority(true)
        .algorithm(algorithm)
        .buildSelfSigned();
  }

  private Round round(TlsEngine engine, Map<Algorithm, X509Bundle> certificates) throws Exception {
    Map<Algorithm, Double> full = new EnumMap<>(Algorithm.class);
    for (Map.Entry<Algorithm, X509Bundle> each : certificates.entrySet()) {
      full.put(each.getKey(), handshakes(engine, each.getValue(), false));
    }
    X509Bundle usual = requireNonNull(certificates.get(Algorithm.ecp256));
    SslContext server = engine.server(usual);
    long bytes = megabytes * 1_000_000L;
    try (TlsPair pair = TlsPair.of(server, TlsEngine.client(usual));
        TlsRelay relay = new TlsRelay(server)) {
      pair.handshake();
      int records = (int) (bytes / 16_000);
      return new Round(
          full,
          handshakes(engine, usual, true),
          pair.sent(records),
          pair.received(records),
          connect(relay, usual),
          relay.send(clients(usual), bytes),
          relay.receive(clients(usual), bytes));
    }
  }

  private double handshakes(TlsEngine engine, X509Bundle certificate, boolean isResumed)
      throws Exception {
    SslContext server = engine.server(certificate);
    SslContext client = TlsEngine.client(certificate);
    long nanos = 0;
    for (int handshake = isResumed ? -1 : 0; handshake < handshakes; handshake++) {
      try (TlsPair pair = TlsPair.of(server, isResumed ? client : TlsEngine.client(certificate))) {
        long each = pair.handshake();
        nanos += handshake < 0 ? 0 : each;
      }
    }
    return handshakes * 1e9 / nanos;
  }

  /** Of the middle one. Each is a client of its own, as drivers of PostgreSQL resume nothing. */
  private long connect(TlsRelay relay, X509Bundle certificate) throws Exception {
    long[] times = new long[handshakes];
    for (int i = 0; i < times.length; i++) {
      times[i] = relay.connect(clients(certificate));
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private static SSLSocketFactory clients(X509Bundle certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, certificate.toTrustManagerFactory().getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private String table(Map<TlsEngine, List<Round>> results) throws Exception {
    double megabyte = 1e6;
    double bulk = megabytes * megabyte;
    return """
    TLS 1.3, medians of %d rounds. Machine: %s. BoringSSL: %s.

    | | JDK %s | BoringSSL | ratio |
    |---|---|---|---|
    %s%s%s%s%s%s%s%s%s%s\
    """
        .formatted(
            rounds,
            Report.machine(),
            OpenSsl.versionString(),
            Runtime.version(),
            row(
                results,
                "full handshakes per second of one core, P-256",
                r -> full(r, Algorithm.ecp256)),
            row(
                results,
                "full handshakes per second of one core, RSA 2048",
                r -> full(r, Algorithm.rsa2048)),
            row(results, "resumed handshakes per second of one core", Round::resumed),
            row(results, "encrypt, MB/s of one core", r -> r.sent() / megabyte),
            row(results, "decrypt, MB/s of one core", r -> r.received() / megabyte),
            row(results, "connect, handshake and one answer, ms", r -> r.connect() / 1e6),
            row(results, "bulk to a client, MB/s", r -> bulk * 1e3 / r.toClient().nanos()),
            row(
                results,
                "the same, MB/s of one core of the proxy",
                r -> bulk * 1e3 / r.toClient().cpuNanos()),
            row(results, "bulk from a client, MB/s", r -> bulk * 1e3 / r.fromClient().nanos()),
            row(
                results,
                "the same, MB/s of one core of the proxy",
                r -> bulk * 1e3 / r.fromClient().cpuNanos()));
  }

  private static double full(Round round, Algorithm algorithm) {
    return requireNonNull(round.full().get(algorithm));
  }

  private static String row(
      Map<TlsEngine, List<Round>> results, String what, ToDoubleFunction<Round> value) {
    double jdk = median(requireNonNull(results.get(TlsEngine.JDK)), value);
    double boringSsl = median(requireNonNull(results.get(TlsEngine.BORINGSSL)), value);
    return String.format(
        Locale.ROOT, "| %s | %.4g | %.4g | %.2f |%n", what, jdk, boringSsl, boringSsl / jdk);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return rounds.stream()
        .mapToDouble(value)
        .sorted()
        .skip(rounds.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
