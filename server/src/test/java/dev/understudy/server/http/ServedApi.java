package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.CopyProgress;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
import dev.understudy.embedded.DirectoryTree;
import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.proxy.client.Clients;
import dev.understudy.server.http.source.Copies;
import dev.understudy.server.http.token.TokenText;
import dev.understudy.server.metrics.Metrics;
import dev.understudy.server.operate.DaemonControl;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Reloaded;
import dev.understudy.server.operate.ShutdownMode;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.Accounting;
import dev.understudy.server.usage.StorageReadings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The API over a real cloner and a small production, without a proxy. */
public final class ServedApi implements AutoCloseable {
  public static final String ADMINISTRATOR = TokenText.random().value();
  static final String WEBHOOK_SECRET = "a secret of a webhook";
  static final String VIEWER = TokenText.random().value();
  static final String USER = TokenText.random().value();
  static final String CONFINED = TokenText.random().value();

  private final Path directory;
  private @Nullable EmbeddedPostgres production;
  private @Nullable Cloner cloner;
  private @Nullable StorageReadings storage;
  private @Nullable Accounting accounting;
  private @Nullable HttpServer server;
  private @Nullable HttpApi api;
  private final Copies copies = new Copies(CopyProgress::new);

  /** What the next reload comes to. */
  volatile Supplier<Reloaded> reload = () -> new Reloaded(List.of(), List.of());

  volatile boolean ready = true;

  private ServedApi(Path directory) {
    this.directory = directory;
  }

  public static ServedApi open() throws Exception {
    return open(List.of());
  }

  /**
   * The same, where environments cannot be read.
   *
   * @param damaged their names
   */
  static ServedApi open(List<String> damaged) throws Exception {
    // Short, since unix sockets lie below it.
    Path directory = Files.createTempDirectory("api");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    ServedApi served = new ServedApi(directory);
    boolean open = false;
    try {
      served.start(damaged);
      open = true;
      return served;
    } finally {
      if (!open) {
        served.close();
      }
    }
  }

  private void start(List<String> damaged) throws Exception {
    Path home =
        EmbeddedBinaries.unpack(
            Path.of(System.getProperty("java.io.tmpdir"), "understudy-test-binaries"));
    EmbeddedPostgres made =
        EmbeddedPostgres.create(
            directory.resolve("production"),
            ServerOptions.of(home).withSettings(Map.of("fsync", "off")));
    production = made;
    execute("postgres", "CREATE ROLE app LOGIN", "CREATE DATABASE shop OWNER app");
    execute("shop", "CREATE TABLE customer AS SELECT generate_series(1, 100) AS id");
    Settings settings = settings(home, made.dataDirectory());
    if (!damaged.isEmpty()) {
      Cloner.open(settings, copies).close(); // it makes the data directory
    }
    Path environments = settings.dataDirectory().resolve("environments");
    for (String name : damaged) {
      Files.writeString(environments.resolve(name + ".json"), "{ broken");
    }
    Cloner opened = Cloner.open(settings, copies);
    cloner = opened;
    Operations operations =
        new Operations(opened, (login, environment) -> null, InstantSource.system());
    Metrics metrics = new Metrics(() -> settings);
    Clients clients = new Clients(metrics::patternOf);
    DaemonOperations administration =
        new DaemonOperations(operations::environments, clients, new ToldControl(), () -> settings);
    StorageReadings readings = StorageReadings.begin(opened);
    storage = readings;
    metrics.watch(opened, readings);
    Accounting counting =
        Accounting.begin(opened, readings, metrics::patternOf, settings.dataDirectory());
    accounting = counting;
    metrics.watch(clients);
    HttpServer listening = HttpServer.open(settings.http());
    server = listening;
    HttpApi serving =
        new HttpApi(
            new HttpApi.Backing(
                opened,
                operations,
                administration,
                new UsageOperations(counting),
                readings,
                copies,
                () -> settings,
                6432,
                () -> ready,
                metrics));
    api = serving;
    serving.serve(listening, new Secret(ADMINISTRATOR));
    opened.beginIdling();
  }

  private Settings settings(Path home, Path data) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("understudy.conf"),
            """
            understudy {
              data-directory = "%s"
              listen { port = 0, create-timeout = 50s }
              http {
                port = 0
                tokens {
                  viewer { hash = "%s" }
                  user { hash = "%s", role = user, owner = app }
                  confined { hash = "%s", role = administrator, environments = ["ci-*"] }
                }
                webhooks.shop {
                  type = github, secret = "%s", repositories = [acme/shop]
                  environments = ["pr-{number}", "ci-{number}", "gated-{number}"]
                }
              }
              postgresql.binaries = ["%s"]
              sources.prod { type = directory, directory = "%s", spares = 0 }
              environments {
                "pr-*" { source = prod, database = shop, expires = 30d }
                "ci-*" { source = prod }
                keep { source = prod, drop-after = never }
                "slow-*" {
                  source = prod
                  hooks.after-create = [ { command = [/bin/sleep, "5"], database = shop } ]
                }
                "gated-*" {
                  source = prod
                  hooks.after-create = [ {
                    command = [/bin/sh, -c, "while test -e shut; do sleep 0.05; done"]
                    directory = "%s", database = shop
                  } ]
                }
                "moody-*" {
                  source = prod
                  hooks.after-create = [ {
                    command = [/bin/sh, -c, "test ! -e refuse"], directory = "%s", database = shop
                  } ]
                }
              }
            }
            """
                .formatted(
                    directory.resolve("u"),
                    hash(VIEWER),
                    hash(USER),
                    hash(CONFINED),
                    WEBHOOK_SECRET,
                    home,
                    data,
                    Files.createDirectory(gate()),
                    Files.createDirectory(moods())));
    return SettingsFile.read(file).settings();
  }

  private Path gate() {
    return directory.resolve("gate");
  }

  /** From now on no environment whose name begins with {@code gated-} gets ready. */
  public void shutGate() throws IOException {
    Files.writeString(gate().resolve("shut"), "");
  }

  public void openGate() throws IOException {
    Files.deleteIfExists(gate().resolve("shut"));
  }

  /**
   * Somebody connects.
   *
   * @param role that what is made for it belongs to
   */
  public CompletableFuture<EnvironmentSession> connect(String environment, String role) {
    return requireNonNull(cloner, "cloner is null")
        .open(new EnvironmentRequest(environment, "shop", role));
  }

  private Path moods() {
    return directory.resolve("moods");
  }

  /** From now on no clone becomes an environment whose name begins with {@code moody-}. */
  public void refuseMoody() throws IOException {
    Files.createFile(moods().resolve("refuse"));
  }

  /** A daemon that is told what its reloads come to, and does not end. */
  private final class ToldControl implements DaemonControl {
    @Override
    public Reloaded reload() {
      Reloaded reloaded = reload.get();
      requireNonNull(api, "api is null").settingsChanged();
      return reloaded;
    }

    @Override
    public void shutdown(ShutdownMode mode) {
      throw OperationException.of("0A000", "it goes on", null, null);
    }

    @Override
    public int logins() {
      return 0;
    }
  }

  private static String hash(String token) {
    return TokenText.hashOf(new Secret(token));
  }

  /** Superuser's statements in production. */
  public void execute(String database, String... statements) throws SQLException {
    try (Connection connection =
            requireNonNull(production, "production is null").connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The server that snapshots are cut of. */
  EmbeddedPostgres production() {
    return requireNonNull(production, "production is null");
  }

  /** Says how far the copy of a source is, as the copies themselves do. */
  public void tellCopied(String source, long bytes, long total) {
    copies.apply(source).copied(1, bytes, total);
  }

  public int port() {
    return requireNonNull(server, "server is null").port();
  }

  List<Route> routes() {
    return requireNonNull(api, "api is null").routes();
  }

  Client client(String token) throws IOException {
    return new Client(Description.load(), "http://127.0.0.1:" + port(), token);
  }

  @Override
  public void close() throws IOException {
    try {
      if (api != null) {
        api.close();
      }
      if (server != null) {
        server.close();
      }
      if (accounting != null) {
        accounting.close();
      }
      if (storage != null) {
        storage.close();
      }
      Files.deleteIfExists(gate().resolve("shut"));
      if (cloner != null) {
        cloner.shutdown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (production != null) {
        production.close();
      }
      DirectoryTree.delete(directory);
    }
  }
}
