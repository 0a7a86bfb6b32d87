import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The PostgreSQL client of Vert.x against an environment; ../README.md has the variables. */
final class VertxWalk {
  private static final Vertx VERTX =
      Vertx.vertx(new VertxOptions().setAddressResolverOptions(hosts()));
  private static final String AT_ENVIRONMENT = Walk.DATABASE + "@" + Walk.ENVIRONMENT;

  public static void main(String[] args) throws Exception {
    PgConnection sleeper = connect(form(Walk.DATABASE + "@" + Walk.NAP));
    Walk.step("lie down", () -> ask(sleeper, "CREATE TABLE kept AS SELECT 7 AS n"));
    Walk.step("every form of name", VertxWalk::everyFormOfName);
    Walk.step("migration", VertxWalk::migration);
    Walk.step("prepared statements in a pipeline", VertxWalk::preparedStatementsInAPipeline);
    Walk.step("SQLSTATEs", VertxWalk::sqlstates);
    Walk.step("cancel", VertxWalk::cancel);
    Walk.step("big result", VertxWalk::bigResult);
    Walk.step("refusals", VertxWalk::refusals);
    Walk.step(
        "wake",
        () -> {
          // An error is told when the client can go on after it, and after a 57P01 it never can.
          Walk.untilItSleeps(ClosedConnectionException.class, () -> ask(sleeper, "SELECT 1"));
          PgConnection woken = connect(form(Walk.DATABASE + "@" + Walk.NAP));
          Walk.same("7", ask(woken, "SELECT n FROM kept"));
          get(woken.close());
        });
    get(VERTX.close());
  }

  private static void everyFormOfName() throws Exception {
    String authority = "@" + Walk.HOST + ":" + Walk.PORT + "/";
    List<PgConnectOptions> forms =
        List.of(
            form(AT_ENVIRONMENT),
            form(Walk.DATABASE + "%40" + Walk.ENVIRONMENT),
            form(Walk.ENVIRONMENT),
            form(Walk.DATABASE).setUser(Walk.LOGIN + "@" + Walk.ENVIRONMENT),
            form(Walk.DATABASE).addProperty("options", Walk.OPTIONS),
            form(Walk.DATABASE).addProperty("understudy.environment", Walk.ENVIRONMENT),
            url(Walk.LOGIN + authority + Walk.DATABASE + "%40" + Walk.ENVIRONMENT),
            url(Walk.LOGIN + authority + Walk.ENVIRONMENT),
            url(Walk.LOGIN + "%40" + Walk.ENVIRONMENT + authority + Walk.DATABASE),
            url(
                Walk.LOGIN
                    + authority
                    + Walk.DATABASE
                    + "?options=-c%20understudy.environment%3D"
                    + Walk.ENVIRONMENT),
            trusting(PgConnectOptions.fromUri(Walk.URL).setPassword(Walk.PASSWORD)));
    if (Walk.isTls()) {
      forms = new ArrayList<>(forms);
      forms.add(trusting(PgConnectOptions.fromUri(Walk.URL_BY_HOST).setPassword(Walk.PASSWORD)));
    }
    for (PgConnectOptions form : forms) {
      PgConnection connection = connect(form);
      Walk.same(Walk.ENVIRONMENT, ask(connection, "SHOW understudy.environment"));
      Walk.same(Walk.DATABASE, ask(connection, "SELECT current_database()"));
      get(connection.close());
    }
  }

  private static void migration() throws Exception {
    PgConnection connection = connect(form(AT_ENVIRONMENT));
    var transaction = get(connection.begin());
    ask(connection, "CREATE TABLE java_walk (id int PRIMARY KEY, note text)");
    ask(connection, "ALTER TABLE customer ADD COLUMN java_note int REFERENCES java_walk");
    ask(connection, "CREATE INDEX ON customer (java_note)");
    get(transaction.commit());
    get(connection.close());
  }

  private static void preparedStatementsInAPipeline() throws Exception {
    PgConnection connection = connect(form(AT_ENVIRONMENT).setPipeliningLimit(64));
    PreparedStatement statement = get(connection.prepare("SELECT $1::int * 2"));
    List<Future<Integer>> answers = new ArrayList<>();
    for (int n = 0; n < 2000; n++) {
      answers.add(
          statement.query().execute(Tuple.of(n)).map(rows -> rows.iterator().next().getInteger(0)));
    }
    for (int n = 0; n < answers.size(); n++) {
      Walk.same(2 * n, get(answers.get(n)));
    }
    List<Tuple> batch = IntStream.range(0, 1000).mapToObj(n -> Tuple.of(n, "note " + n)).toList();
    get(connection.preparedQuery("INSERT INTO java_walk VALUES ($1, $2)").executeBatch(batch));
    Walk.same("1000", ask(connection, "SELECT count(*) FROM java_walk"));
    get(connection.close());
  }

  private static void sqlstates() throws Exception {
    PgConnection connection = connect(form(AT_ENVIRONMENT));
    for (var expected : Walk.SQLSTATES.entrySet()) {
      PgException failure = Walk.fails(PgException.class, () -> ask(connection, expected.getKey()));
      Walk.same(expected.getValue(), failure.getSqlState());
    }
    get(connection.close());
  }

  private static void cancel() throws Exception {
    PgConnection connection = connect(form(AT_ENVIRONMENT));
    PgConnection watcher = connect(form(AT_ENVIRONMENT));
    String pid = ask(connection, "SELECT pg_backend_pid()");
    var sleep = connection.query("SELECT pg_sleep(600)::text").execute();
    String running =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " + pid;
    while (ask(watcher, running).equals("0")) {
      Thread.onSpinWait();
    }
    get(connection.cancelRequest());
    Walk.same("57014", Walk.fails(PgException.class, () -> get(sleep)).getSqlState());
    Walk.same("1", ask(connection, "SELECT 1"));
    get(connection.close());
    get(watcher.close());
  }

  private static void bigResult() throws Exception {
    PgConnection connection = connect(form(AT_ENVIRONMENT));
    var rows =
        get(
            connection
                .query("SELECT n, repeat('x', 30) FROM generate_series(1, 300000) n")
                .execute());
    Walk.same(300_000, rows.size());
    get(connection.close());
  }

  private static void refusals() throws Exception {
    refused("28P01", form(AT_ENVIRONMENT).setPassword("wrong"));
    refused("28P01", form(AT_ENVIRONMENT).setUser("nobody-of-that-name"));
    refused("22023", form(Walk.DATABASE + "@no such name"));
    refused("3D000", form(Walk.DATABASE));
  }

  private static void refused(String sqlstate, PgConnectOptions form) throws Exception {
    Walk.same(sqlstate, Walk.fails(PgException.class, () -> connect(form)).getSqlState());
  }

  /** In place of a name service, which it asks by itself. */
  private static AddressResolverOptions hosts() {
    String named = Walk.isTls() ? PgConnectOptions.fromUri(Walk.URL_BY_HOST).getHost() : Walk.HOST;
    return new AddressResolverOptions()
        .setHostsValue(Buffer.buffer("127.0.0.1 localhost " + named + "\n"));
  }

  private static PgConnectOptions form(String database) {
    return tls(
        new PgConnectOptions()
            .setHost(Walk.HOST)
            .setPort(Walk.PORT)
            .setUser(Walk.LOGIN)
            .setPassword(Walk.PASSWORD)
            .setDatabase(database));
  }

  private static PgConnectOptions url(String rest) {
    return tls(PgConnectOptions.fromUri("postgresql://" + rest).setPassword(Walk.PASSWORD));
  }

  private static PgConnectOptions tls(PgConnectOptions options) {
    return trusting(options.setSslMode(Walk.isTls() ? SslMode.VERIFY_FULL : SslMode.DISABLE));
  }

  /** What no URL can say. */
  private static PgConnectOptions trusting(PgConnectOptions options) {
    return Walk.isTls()
        ? options.setSslOptions(
            new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertPath(Walk.ROOT_CERTIFICATE)))
        : options;
  }

  private static PgConnection connect(PgConnectOptions options) throws Exception {
    return get(PgConnection.connect(VERTX, options));
  }

  private static String ask(PgConnection connection, String query) throws Exception {
    var rows = get(connection.query(query).execute()).iterator();
    return rows.hasNext() ? String.valueOf(rows.next().getValue(0)) : null;
  }

  private static <T> T get(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
