import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.SQLException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;

/** Hibernate against an environment; ../README.md has the variables. */
final class HibernateWalk {
  @Entity
  @Table(name = "customer")
  static class Customer {
    @Id int id;
    String name;
  }

  @Entity
  @Table(name = "purchase")
  static class Purchase {
    @Id @GeneratedValue int id;

    @ManyToOne(fetch = FetchType.LAZY)
    Customer customer;

    String note;
  }

  public static void main(String[] args) {
    Walk.step("schema update", () -> open(Walk.URL, "update").close());
    for (String url : Jdbc.urls()) {
      Walk.step("schema validation by " + url.replaceFirst("[?].*", ""), () -> validate(url));
    }
    Walk.step("entities and a SQLSTATE", HibernateWalk::entities);
    Walk.step("prepared statements", HibernateWalk::preparedStatements);
    Walk.step("COPY by the connection", HibernateWalk::session);
    Walk.step("cancel", HibernateWalk::cancel);
    Walk.step("big result", HibernateWalk::bigResult);
    Walk.step("wake", HibernateWalk::wake);
  }

  private static SessionFactory open(String url, String schema) {
    return new Configuration()
        .addAnnotatedClass(Customer.class)
        .addAnnotatedClass(Purchase.class)
        .setProperty("hibernate.connection.url", url)
        .setProperty("hibernate.connection.password", Walk.PASSWORD)
        .setProperty("hibernate.hbm2ddl.auto", schema)
        .buildSessionFactory();
  }

  /** Compares the entities with what the driver tells of the tables. */
  private static void validate(String url) {
    try (SessionFactory factory = open(url, "validate")) {
      Walk.same(
          Walk.ENVIRONMENT,
          factory.fromSession(session ->
              session
                  .createNativeQuery("SHOW understudy.environment", String.class)
                  .getSingleResult()));
    }
  }

  private static void entities() throws Exception {
    try (SessionFactory factory = open(Walk.URL, "validate")) {
      factory.inTransaction(session -> {
        for (int n = 1; n <= 1000; n++) {
          Purchase purchase = new Purchase();
          purchase.customer = session.getReference(Customer.class, n);
          purchase.note = "note " + n;
          session.persist(purchase);
        }
      });
      String name =
          factory.fromSession(session ->
              session
                  .createQuery(
                      "select p.customer.name from HibernateWalk$Purchase p where p.note = :note",
                      String.class)
                  .setParameter("note", "note 500")
                  .getSingleResult());
      Walk.same("customer 500", name);
      ConstraintViolationException failure =
          Walk.fails(
              ConstraintViolationException.class,
              () -> {
                factory.inTransaction(session ->
                    session
                        .createNativeMutationQuery("INSERT INTO purchase SELECT * FROM purchase")
                        .executeUpdate());
                return null;
              });
      Walk.same("23505", failure.getSQLException().getSQLState());
    }
  }

  private static void preparedStatements() {
    try (SessionFactory factory = open(Walk.URL, "none")) {
      factory.inTransaction(session -> {
        for (int n = 1; n <= 10; n++) {
          Walk.same(
              "customer " + n,
              session
                  .createQuery(
                      "select c.name from HibernateWalk$Customer c where c.id = :id", String.class)
                  .setParameter("id", n)
                  .getSingleResult());
        }
        // From the fifth on the driver prepares it on the server.
        Walk.same(
            1L,
            session
                .createNativeQuery(
                    "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%customer%'",
                    Long.class)
                .getSingleResult());
      });
    }
  }

  /** Which Hibernate lends for work of that kind. */
  private static void session() {
    try (SessionFactory factory = open(Walk.URL, "none")) {
      factory.inTransaction(session ->
          session.doWork(connection -> {
            try {
              JdbcSession.walk(connection);
            } catch (SQLException e) {
              throw e;
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }));
    }
  }

  private static void cancel() throws Exception {
    try (SessionFactory factory = open(Walk.URL, "none");
        Session session = factory.openSession()) {
      Thread canceller =
          Thread.ofPlatform()
              .start(() -> {
                while (factory.fromTransaction(HibernateWalk::asleep) == 0) {
                  Thread.onSpinWait();
                }
                session.cancelQuery();
              });
      RuntimeException failure =
          Walk.fails(
              RuntimeException.class,
              () ->
                  session
                      .createNativeQuery("SELECT pg_sleep(600)::text", String.class)
                      .getSingleResult());
      Walk.same("57014", Jdbc.sqlState(failure));
      canceller.join();
      Walk.same(
          "1",
          factory.fromSession(
              other -> other.createNativeQuery("SELECT '1'", String.class).getSingleResult()));
    }
  }

  private static long asleep(Session session) {
    return session
        .createNativeQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", Long.class)
        .getSingleResult();
  }

  private static void bigResult() {
    try (SessionFactory factory = open(Walk.URL, "none")) {
      Walk.same(
          300_000L,
          factory.fromSession(session ->
              session
                  .createNativeQuery(
                      "SELECT repeat('x', 30) FROM generate_series(1, 300000) n", String.class)
                  .setFetchSize(10_000)
                  .getResultStream()
                  .count()));
    }
  }

  private static void wake() throws Exception {
    try (Connection sleeper = Jdbc.connect(Jdbc.nap())) {
      sleeper.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
      SQLException end =
          Walk.untilItSleeps(SQLException.class, () -> Jdbc.ask(sleeper, "SELECT 1"));
      Walk.same("57P01", end.getSQLState());
    }
    open(Jdbc.nap(), "update").close();
  }
}
