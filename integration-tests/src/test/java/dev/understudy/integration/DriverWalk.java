package dev.understudy.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A client library, migration tool or ORM, and how to start its walk in {@code drivers/}. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are, which their type does not say
enum DriverWalk {
  PSQL("psql", "postgresql-client", runs("psql", "--version"), "bash", "run"),
  PSYCOPG2("python", "python3-psycopg2", imports("psycopg2"), python("psycopg2_walk.py")),
  PSYCOPG3("python", "python3-psycopg", imports("psycopg"), python("psycopg3_walk.py")),
  NODE("node", "npm ci", runs("test", "-d", "node_modules/pg"), "node", "node-postgres.mjs"),
  PGJDBC_42_7_5(
      "java", "libraries pgjdbc-42.7.5", has("pgjdbc-42.7.5"), java("pgjdbc-42.7.5", "PgjdbcWalk")),
  PGJDBC_NEWEST(
      "java", "libraries pgjdbc-newest", has("pgjdbc-newest"), java("pgjdbc-newest", "PgjdbcWalk")),

  LIBPQ("libpq", "gcc libc6-dev libpq-dev", runs("pg_config", "--includedir"), "bash", "run"),
  ASYNCPG("python", "python3-asyncpg", imports("asyncpg"), python("asyncpg_walk.py")),
  SQLALCHEMY(
      "python",
      "python3-sqlalchemy python3-alembic",
      imports("alembic"),
      python("sqlalchemy_walk.py")),
  DJANGO("python", "python3-django", imports("django"), python("django_walk.py")),
  POSTGRES_JS(
      "node",
      "npm ci",
      runs("test", "-d", "node_modules/postgres"),
      "sh",
      "-c",
      "NODE_EXTRA_CA_CERTS=$ROOT_CERTIFICATE exec node postgres-js.mjs"),
  KNEX("node-orm", "npm ci", runs("test", "-d", "node_modules/knex"), "node", "knex.mjs"),
  PRISMA("node-orm", "npm ci", runs("test", "-d", "node_modules/prisma"), "node", "prisma.mjs"),
  PERL("perl", "libdbd-pg-perl", runs("perl", "-MDBD::Pg", "-e1"), "perl", "walk.pl"),
  PHP(
      "php",
      "php-cli php-pgsql",
      runs("php", "-r", "PDO::PGSQL_ATTR_DISABLE_PREPARES;"),
      "php",
      "walk.php"),
  RUBY("ruby", "ruby-pg", runs("ruby", "-e", "require 'pg'"), "ruby", "pg_walk.rb"),
  RAILS(
      "ruby",
      "ruby-railties ruby-activerecord ruby-pg rake",
      runs("ruby", "-e", "require 'active_record/railtie'"),
      "ruby",
      "rails_walk.rb"),
  PGJDBC_OLDEST(
      "java", "libraries pgjdbc-oldest", has("pgjdbc-oldest"), java("pgjdbc-oldest", "PgjdbcWalk")),
  R2DBC("java", "libraries r2dbc", has("r2dbc"), java("r2dbc", "R2dbcWalk")),
  VERTX("java", "libraries vertx", has("vertx"), java("vertx", "VertxWalk")),
  FLYWAY("java", "libraries flyway", has("flyway"), java("flyway", "FlywayWalk")),
  LIQUIBASE("java", "libraries liquibase", has("liquibase"), java("liquibase", "LiquibaseWalk")),
  HIBERNATE("java", "libraries hibernate", has("hibernate"), java("hibernate", "HibernateWalk")),
  SPRING_BOOT(
      "java", "libraries spring-boot", has("spring-boot"), java("spring-boot", "SpringBootWalk"));

  private static final Path DRIVERS = Path.of("drivers").toAbsolutePath();

  private final String folder;
  private final String installedBy;
  private final List<String> probe;
  private final List<String> command;

  DriverWalk(String folder, String installedBy, List<String> probe, String... command) {
    this.folder = folder;
    this.installedBy = installedBy;
    this.probe = List.copyOf(probe);
    this.command = List.of(command);
  }

  /** Whether it is walked by every build; the others by {@code understudy.drivers=all}. */
  boolean isMain() {
    return compareTo(PGJDBC_NEWEST) <= 0;
  }

  /** What {@code understudy url --for} calls it. */
  String tool() {
    return switch (this) {
      case PSYCOPG2, PSYCOPG3 -> "psycopg";
      case PGJDBC_42_7_5, PGJDBC_NEWEST, PGJDBC_OLDEST, SPRING_BOOT -> "jdbc";
      default -> environment();
    };
  }

  /** What its environments are called, without their prefix. */
  String environment() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** To be started in its folder. */
  ProcessBuilder process() {
    return new ProcessBuilder(command).directory(DRIVERS.resolve(folder).toFile());
  }

  void assumeInstalled() throws InterruptedException {
    boolean runs;
    try {
      runs =
          new ProcessBuilder(probe)
                  .directory(DRIVERS.resolve(folder).toFile())
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      runs = false;
    }
    assumeTrue(runs, () -> "not installed: " + installedBy);
  }

  private static List<String> runs(String... command) {
    return List.of(command);
  }

  /** Debian's, whatever other Python comes first. */
  private static List<String> imports(String module) {
    return List.of("/usr/bin/python3", "-c", "import " + module);
  }

  private static List<String> has(String libraries) {
    return List.of("test", "-d", "target/" + libraries);
  }

  private static String[] python(String script) {
    return new String[] {"/usr/bin/python3", "-B", script};
  }

  private static String[] java(String libraries, String program) {
    return new String[] {
      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "--enable-native-access=ALL-UNNAMED",
      "--class-path",
      "target/" + libraries + "/*",
      program + ".java"
    };
  }
}
