import com.zaxxer.hikari.HikariDataSource;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application of Spring Boot with the properties of its recipe, which migrates by Flyway as it
 * starts; ../README.md has the variables.
 */
final class SpringBootWalk {
  @EnableAutoConfiguration
  public static class Shop {}

  private interface Visit {
    void to(ConfigurableApplicationContext application, JdbcTemplate jdbc) throws Exception;
  }

  public static void main(String[] args) {
    Walk.step("migration at the start", () -> start(Walk.ENVIRONMENT, SpringBootWalk::migrated));
    Walk.step("start once more", () -> start(Walk.ENVIRONMENT, SpringBootWalk::migrated));
    Walk.step("prepared statements, COPY, cancel and big result", SpringBootWalk::session);
    Walk.step("SQLSTATE", () -> start(Walk.ENVIRONMENT, SpringBootWalk::failures));
    Walk.step("another environment by the one variable, and wake", SpringBootWalk::wake);
  }

  /** The properties of the recipe; those of the test say where its migrations are, and TLS. */
  private static Properties properties() throws Exception {
    Properties properties = new Properties();
    properties.load(new StringReader(Recipe.block("spring-boot.md", "properties")));
    properties.setProperty("spring.flyway.locations", "filesystem:flyway");
    properties.setProperty("spring.flyway.baseline-on-migrate", "true");
    properties.setProperty("spring.flyway.baseline-version", "0");
    properties.setProperty("logging.level.root", "warn");
    if (Walk.isTls()) {
      String tls = "spring.datasource.hikari.data-source-properties.";
      properties.setProperty(tls + "sslmode", "verify-full");
      properties.setProperty(tls + "sslrootcert", Walk.ROOT_CERTIFICATE);
    }
    return properties;
  }

  /** In a process environment that has the name and the password, as the recipe wants it. */
  private static void start(String environment, Visit visit) throws Exception {
    SpringApplication application = new SpringApplication(Shop.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(properties());
    Map<String, Object> variables = new HashMap<>(System.getenv());
    variables.put("ENVIRONMENT", environment);
    variables.put("PGPASSWORD", Walk.PASSWORD);
    StandardEnvironment process = new StandardEnvironment();
    process
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    application.setEnvironment(process);
    try (ConfigurableApplicationContext running = application.run()) {
      JdbcTemplate jdbc = running.getBean(JdbcTemplate.class);
      Walk.same(environment, jdbc.queryForObject("SHOW understudy.environment", String.class));
      visit.to(running, jdbc);
    }
  }

  private static void migrated(ConfigurableApplicationContext application, JdbcTemplate jdbc) {
    Walk.same(
        0, application.getBean(HikariDataSource.class).getHikariConfigMXBean().getMinimumIdle());
    Walk.same(1000, jdbc.queryForObject("SELECT count(*) FROM totals", Integer.class));
    Walk.same(
        3,
        jdbc.queryForObject(
            "SELECT count(*) FROM purchase WHERE note LIKE 'COPY%'", Integer.class));
  }

  private static void session() throws Exception {
    start(
        Walk.ENVIRONMENT,
        (application, _) -> {
          try (Connection connection =
              application.getBean(HikariDataSource.class).getConnection()) {
            JdbcSession.walk(connection);
          }
        });
  }

  private static void failures(ConfigurableApplicationContext application, JdbcTemplate jdbc)
      throws Exception {
    jdbc.execute("CREATE TABLE java_walk AS SELECT 1 AS id");
    jdbc.execute("ALTER TABLE java_walk ADD PRIMARY KEY (id)");
    for (Map.Entry<String, String> one : Walk.SQLSTATES.entrySet()) {
      DataAccessException failure =
          Walk.fails(
              DataAccessException.class,
              () -> {
                jdbc.execute(one.getKey());
                return null;
              });
      Walk.same(one.getValue(), Jdbc.sqlState(failure));
    }
    Walk.fails(DuplicateKeyException.class, () -> jdbc.update("INSERT INTO java_walk VALUES (1)"));
    jdbc.execute("DROP TABLE java_walk");
  }

  /** HikariCP finds that a connection has ended, and hands out another. */
  private static void wake() throws Exception {
    start(
        Walk.NAP,
        (_, jdbc) -> {
          jdbc.execute("CREATE TABLE kept AS SELECT 7 AS n");
          try (Connection sleeper = Jdbc.connect(Jdbc.nap())) {
            SQLException end =
                Walk.untilItSleeps(SQLException.class, () -> Jdbc.ask(sleeper, "SELECT 1"));
            Walk.same("57P01", end.getSQLState());
          }
          Walk.same(7, jdbc.queryForObject("SELECT n FROM kept", Integer.class));
        });
  }
}
