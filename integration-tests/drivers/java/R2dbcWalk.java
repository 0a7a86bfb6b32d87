import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.r2dbc.spi.R2dbcException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** r2dbc-postgresql against an environment; ../README.md has the variables. */
final class R2dbcWalk {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String AT_ENVIRONMENT = Walk.DATABASE + "@" + Walk.ENVIRONMENT;

  public static void main(String[] args) throws Exception {
    PostgresqlConnection sleeper = connect(form(Walk.DATABASE + "@" + Walk.NAP));
    Walk.step("lie down", () -> execute(sleeper, "CREATE TABLE kept AS SELECT 7 AS n"));
    Walk.step("every form of name", R2dbcWalk::everyFormOfName);
    Walk.step("migration", R2dbcWalk::migration);
    Walk.step("prepared statements", R2dbcWalk::preparedStatements);
    Walk.step("copy in", R2dbcWalk::copyIn);
    Walk.step("SQLSTATEs", R2dbcWalk::sqlstates);
    Walk.step("cancel", R2dbcWalk::cancel);
    Walk.step("big result", R2dbcWalk::bigResult);
    Walk.step("refusals", R2dbcWalk::refusals);
    Walk.step(
        "wake",
        () -> {
          R2dbcException end =
              Walk.untilItSleeps(R2dbcException.class, () -> ask(sleeper, "SELECT 1"));
          Walk.same("57P01", end.getSqlState());
          PostgresqlConnection woken = connect(form(Walk.DATABASE + "@" + Walk.NAP));
          Walk.same("7", ask(woken, "SELECT n FROM kept"));
          close(woken);
        });
    // Its event loops are no daemons.
    System.exit(0);
  }

  private static void everyFormOfName() {
    ConnectionFactoryOptions plain = form(Walk.DATABASE);
    String authority = "@" + Walk.HOST + ":" + Walk.PORT + "/";
    List<ConnectionFactoryOptions> forms =
        List.of(
            form(AT_ENVIRONMENT),
            form(Walk.DATABASE + "%40" + Walk.ENVIRONMENT),
            form(Walk.ENVIRONMENT),
            with(plain, ConnectionFactoryOptions.USER, Walk.LOGIN + "@" + Walk.ENVIRONMENT),
            with(plain, Option.valueOf("options"), Map.of("options", Walk.OPTIONS)),
            with(
                plain,
                Option.valueOf("options"),
                Map.of("understudy.environment", Walk.ENVIRONMENT)),
            url(Walk.LOGIN + authority + Walk.DATABASE + "%40" + Walk.ENVIRONMENT),
            url(Walk.LOGIN + authority + Walk.ENVIRONMENT),
            url(Walk.LOGIN + "%40" + Walk.ENVIRONMENT + authority + Walk.DATABASE),
            url(
                Walk.LOGIN
                    + authority
                    + Walk.DATABASE
                    + "?options=understudy.environment%3D"
                    + Walk.ENVIRONMENT),
            with(
                ConnectionFactoryOptions.parse(Walk.URL),
                ConnectionFactoryOptions.PASSWORD,
                Walk.PASSWORD));
    for (ConnectionFactoryOptions form : forms) {
      PostgresqlConnection connection = connect(form);
      Walk.same(Walk.ENVIRONMENT, ask(connection, "SHOW understudy.environment"));
      Walk.same(Walk.DATABASE, ask(connection, "SELECT current_database()"));
      close(connection);
    }
  }

  private static void migration() {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    connection.beginTransaction().block(PATIENCE);
    execute(connection, "CREATE TABLE java_walk (id int PRIMARY KEY, note text)");
    execute(connection, "ALTER TABLE customer ADD COLUMN java_note int REFERENCES java_walk");
    execute(connection, "CREATE INDEX ON customer (java_note)");
    connection.commitTransaction().block(PATIENCE);
    close(connection);
  }

  private static void preparedStatements() {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    for (int n = 0; n < 10; n++) {
      Integer twice =
          connection
              .createStatement("SELECT $1::int * 2")
              .bind("$1", n)
              .execute()
              .flatMap(result -> result.map((row, _) -> row.get(0, Integer.class)))
              .blockFirst(PATIENCE);
      Walk.same(2 * n, twice);
    }
    close(connection);
  }

  /** The driver has no COPY the other way. */
  private static void copyIn() {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    Flux<ByteBuf> lines =
        Flux.range(0, 10_000)
            .map(n -> Unpooled.copiedBuffer(n + "\tnote " + n + "\n", StandardCharsets.UTF_8));
    Walk.same(10_000L, connection.copyIn("COPY java_walk FROM STDIN", lines).block(PATIENCE));
    Walk.same("10000", ask(connection, "SELECT count(*) FROM java_walk"));
    close(connection);
  }

  private static void sqlstates() throws Exception {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    for (var expected : Walk.SQLSTATES.entrySet()) {
      R2dbcException failure =
          Walk.fails(R2dbcException.class, () -> ask(connection, expected.getKey()));
      Walk.same(expected.getValue(), failure.getSqlState());
    }
    close(connection);
  }

  private static void cancel() throws Exception {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    PostgresqlConnection watcher = connect(form(AT_ENVIRONMENT));
    String pid = ask(connection, "SELECT pg_backend_pid()");
    var sleep = texts(connection, "SELECT pg_sleep(600)::text").then().toFuture();
    String running =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " + pid;
    while (ask(watcher, running).equals("0")) {
      Thread.onSpinWait();
    }
    connection.cancelRequest().block(PATIENCE);
    R2dbcException failure = Walk.fails(R2dbcException.class, () -> Mono.fromFuture(sleep).block());
    Walk.same("57014", failure.getSqlState());
    Walk.same("1", ask(connection, "SELECT 1"));
    close(connection);
    close(watcher);
  }

  private static void bigResult() {
    PostgresqlConnection connection = connect(form(AT_ENVIRONMENT));
    Long rows =
        texts(connection, "SELECT repeat('x', 30) FROM generate_series(1, 300000) n")
            .count()
            .block(PATIENCE);
    Walk.same(300_000L, rows);
    close(connection);
  }

  private static void refusals() throws Exception {
    ConnectionFactoryOptions good = form(AT_ENVIRONMENT);
    refused("28P01", with(good, ConnectionFactoryOptions.PASSWORD, "wrong"));
    refused("28P01", with(good, ConnectionFactoryOptions.USER, "nobody-of-that-name"));
    refused("22023", form(Walk.DATABASE + "@no such name"));
    refused("3D000", form(Walk.DATABASE));
  }

  private static void refused(String sqlstate, ConnectionFactoryOptions form) throws Exception {
    Walk.same(sqlstate, Walk.fails(R2dbcException.class, () -> connect(form)).getSqlState());
  }

  private static ConnectionFactoryOptions form(String database) {
    return tls(
        ConnectionFactoryOptions.builder()
            .option(ConnectionFactoryOptions.DRIVER, "postgresql")
            .option(ConnectionFactoryOptions.HOST, Walk.HOST)
            .option(ConnectionFactoryOptions.PORT, Walk.PORT)
            .option(ConnectionFactoryOptions.USER, Walk.LOGIN)
            .option(ConnectionFactoryOptions.PASSWORD, Walk.PASSWORD)
            .option(ConnectionFactoryOptions.DATABASE, database)
            .build());
  }

  private static ConnectionFactoryOptions url(String rest) {
    return tls(
        with(
            ConnectionFactoryOptions.parse("r2dbc:postgresql://" + rest),
            ConnectionFactoryOptions.PASSWORD,
            Walk.PASSWORD));
  }

  private static ConnectionFactoryOptions tls(ConnectionFactoryOptions options) {
    return Walk.isTls()
        ? with(
            with(options, Option.valueOf("sslMode"), "verify-full"),
            Option.valueOf("sslRootCert"),
            Walk.ROOT_CERTIFICATE)
        : options;
  }

  private static <T> ConnectionFactoryOptions with(
      ConnectionFactoryOptions options, Option<T> option, T value) {
    return options.mutate().option(option, value).build();
  }

  private static PostgresqlConnection connect(ConnectionFactoryOptions options) {
    return Mono.from(ConnectionFactories.get(options).create())
        .cast(PostgresqlConnection.class)
        .block(PATIENCE);
  }

  private static void close(PostgresqlConnection connection) {
    connection.close().block(PATIENCE);
  }

  private static void execute(PostgresqlConnection connection, String sql) {
    connection
        .createStatement(sql)
        .execute()
        .flatMap(result -> result.getRowsUpdated())
        .then()
        .block(PATIENCE);
  }

  private static Flux<String> texts(PostgresqlConnection connection, String query) {
    return connection
        .createStatement(query)
        .execute()
        .flatMap(result -> result.map((row, _) -> String.valueOf(row.get(0))));
  }

  private static String ask(PostgresqlConnection connection, String query) {
    return texts(connection, query).blockFirst(PATIENCE);
  }
}
