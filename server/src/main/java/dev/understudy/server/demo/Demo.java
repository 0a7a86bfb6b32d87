package dev.understudy.server.demo;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.sandbox.SandboxReport;
import dev.understudy.config.Http;
import dev.understudy.config.Settings.Isolation;
import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.server.CommandException;
import dev.understudy.server.Narrator;
import dev.understudy.server.Terminal;
import dev.understudy.server.certificate.OwnCertificate;
import dev.understudy.server.doctor.HostIsolation;
import dev.understudy.server.http.token.AdministratorToken;
import dev.understudy.server.serve.Daemon;
import dev.understudy.server.serve.Port;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A production with a shop in it, and Understudy in front. All of it is gone after close. */
public final class Demo implements AutoCloseable {
  /** How long {@code ci-*} may be idle when people try the demo, and when it checks itself. */
  private static final Duration DROP_AFTER = Duration.ofHours(1);

  private static final Duration DROP_AFTER_IN_CHECK = Duration.ofSeconds(2);

  /** The image is sparse and goes with the demo. */
  private static final long IMAGE_BYTES = 8L << 30;

  private final Narrator narrator;
  private final Scratch scratch;
  private @Nullable ShopProduction production;
  private @Nullable Daemon daemon;

  private Demo(Narrator narrator, Scratch scratch) {
    this.narrator = narrator;
    this.scratch = scratch;
  }

  /**
   * Starts production and Understudy; returns when clients can connect.
   *
   * @param parent where the demo's one directory is made
   * @param port wanted; where it is taken, another is used
   * @param forCheck with environments that are dropped within seconds
   */
  public static Demo start(Narrator narrator, Path parent, int port, boolean forCheck)
      throws Exception {
    AbandonedDemos.remove(parent);
    Demo demo = new Demo(requireNonNull(narrator, "narrator is null"), Scratch.create(parent));
    try {
      if (forCheck) {
        demo.begin(port, Http.OFF, DROP_AFTER_IN_CHECK);
      } else {
        demo.begin(port, http(), DROP_AFTER);
      }
      return demo;
    } catch (Exception | AssertionError e) {
      demo.closeAfter(e);
      throw e;
    }
  }

  private static Http http() throws IOException {
    int port = Port.freePreferably(Http.PORT);
    return new Http(true, Http.DEFAULT.host(), port, null, List.of(), Map.of(), Map.of());
  }

  private void begin(int wantedPort, Http http, Duration ciDropAfter) throws Exception {
    Path home =
        narrator.step("unpack PostgreSQL", () -> EmbeddedBinaries.unpack(scratch.directory()));
    ShopProduction shop =
        narrator.step(
            "start a production of its own and fill its shop",
            () -> ShopProduction.create(scratch.production(), home));
    production = shop;
    narrator.step("make a certificate for TLS", certificate()::ensure);
    int port = Port.freePreferably(wantedPort);
    if (port != wantedPort) {
      narrator.say("      port " + wantedPort + " is taken; using " + port + " instead");
    }
    daemon =
        narrator.step(
            "start Understudy, which cuts a snapshot of production",
            () -> startDaemon(home, shop, port, http, ciDropAfter));
  }

  private Daemon startDaemon(
      Path home, ShopProduction shop, int port, Http http, Duration ciDropAfter)
      throws CommandException, IOException, InterruptedException {
    SandboxReport isolation = HostIsolation.probe();
    if (isolation.sandbox().isEmpty()) {
      narrator.say(
          "WARNING this host cannot isolate clones; the demo, and only the demo, goes on without:");
      isolation.lines().forEach(line -> narrator.say("        " + line));
    }
    String imageless = ensurePool();
    narrator.say("        clones will be made by: " + pool(imageless));
    return Daemon.start(
        DemoSettings.of(
            scratch.dataDirectory(),
            shop.dataDirectory(),
            home,
            port,
            http,
            certificate().files(),
            isolation.sandbox().isEmpty() ? Isolation.NONE : Isolation.REQUIRED,
            ciDropAfter));
  }

  private OwnCertificate certificate() {
    return OwnCertificate.beside(scratch.dataDirectory());
  }

  /** Why there is no pool in an image, where root could have made one; empty for no reason. */
  private String ensurePool() throws IOException, InterruptedException {
    if (!Accounts.isRoot()) {
      return "";
    }
    return PoolImage.ensure(scratch.dataDirectory(), IMAGE_BYTES)
        .filter(ensured -> !ensured.made())
        .map(ensured -> " and no image can be mounted, as " + ensured.words())
        .orElse("");
  }

  private String pool(String imageless) throws IOException {
    Path data = scratch.dataDirectory();
    Path existing = Files.exists(data) ? data : scratch.directory();
    Pool pool = PoolProbe.choose(existing).pool();
    if (!pool.sharesBlocks()) {
      return "%s, as %s is neither on btrfs nor on XFS%s (see --data-directory)"
          .formatted(pool.describe(), scratch.directory().getParent(), imageless);
    }
    return existing.equals(data)
        ? pool.describe() + " in a sparse image, mounted while the demo runs"
        : pool.describe();
  }

  /** Walks the tour, ends everything, and looks for what is left. */
  public void check() throws Exception {
    Daemon running = requireNonNull(daemon, "daemon is null");
    try {
      Path certificate = certificate().files().certificate();
      new Tour(narrator, shop(), running.port(), certificate, running::hasEnvironment).walk();
      narrator.step("end everything; no process and no directory is left", this::end);
    } catch (TourException | SQLException e) {
      throw new CommandException("the check failed: " + e.getMessage(), null, e);
    }
  }

  private boolean end() throws IOException, TourException {
    close();
    List<String> left = Leftovers.of(scratch.directory());
    if (!left.isEmpty()) {
      throw new TourException("left behind: " + String.join("; ", left), null);
    }
    return true;
  }

  /** What to try, for a person at a terminal. */
  public void invite() throws Exception {
    Daemon running = requireNonNull(daemon, "daemon is null");
    int port = running.port();
    narrator.say(
        """

        Production has a database "shop" with about %,d rows. Connect to a copy that does not exist yet:

            PGPASSWORD=app psql "host=127.0.0.1 port=%d user=app dbname=shop@pr-1"

        and from another terminal to shop@pr-2. Then try in one of them what you would not try in production:

            DROP TABLE shop.order_lines CASCADE;

        The other does not notice, nor does production:

            psql "host=%s user=postgres dbname=shop"

        Any name pr-* or ci-* is made when somebody connects to it first; ci-* is dropped after an hour without
        use, pr-* after three days, and staging never. Other roles: reader, password reader. Other forms of the same:

            jdbc:postgresql://127.0.0.1:%d/shop?user=app@pr-1&password=app
            PGOPTIONS="-c understudy.environment=pr-1" PGPASSWORD=app psql -h 127.0.0.1 -p %d -U app shop

        TLS is there too: host=localhost sslmode=verify-full sslrootcert=%s verifies it.

        %s
        The HTTP API shows and steers the same (docs/api.md):

            curl -H "Authorization: Bearer $(cat %s)" %s/api/v1/environments

        Ctrl-C ends everything and removes it.\
        """
            .formatted(
                shop().rows(),
                port,
                shop().socketDirectory(),
                port,
                port,
                certificate().files().certificate(),
                running.page(Terminal.isThere()).map(page -> page.indent(0)).orElse(""),
                AdministratorToken.file(scratch.dataDirectory()),
                running.httpAddress().orElse("")));
  }

  private ShopProduction shop() {
    return requireNonNull(production, "production is null");
  }

  /** Idempotent. Ends sessions, clones and production, in this order, and removes all files. */
  @Override
  public void close() throws IOException {
    Daemon running = daemon;
    daemon = null;
    ShopProduction shop = production;
    production = null;
    try (scratch;
        shop) {
      if (running != null) {
        running.shutdown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the clones were being stopped");
    }
  }

  private void closeAfter(Throwable failure) {
    // Whoever interrupted wants it to end, which takes waiting.
    boolean interrupted = Thread.interrupted();
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
