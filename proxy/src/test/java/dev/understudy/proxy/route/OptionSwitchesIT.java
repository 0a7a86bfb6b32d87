package dev.understudy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL reads the same options as we do, and what we leave of them too. */
class OptionSwitchesIT {
  @TempDir private static Path directory;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = EmbeddedBinaries.unpack(directory.resolve("binaries"));
    postgres = EmbeddedPostgres.create(directory.resolve("data"), ServerOptions.of(home));
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c understudy.environment=pr-1 -c x.kept=1",
        "-cunderstudy.environment=pr-1 -cx.kept=1",
        "--understudy.environment=pr-1 --x.kept=1",
        "--x.kept=1   --understudy.environment=pr-1\t",
        "-c x.kept=a\\ -c\\ understudy.environment=no",
        "-c x.kept=a\\\\ --Understudy.ENVIRONMENT=pr\\ 1",
        "-c x.kept=1 -s -c understudy.environment=a=b",
        "-sc understudy.environment=pr-1 --x.kept=2",
        "-f s -c understudy.environment=pr-1 -S 640 -c x.kept=3",
        "-fs -Pc understudy.environment=pr-1 -c x.kept=4",
        "-c\nunderstudy.environment=\\\\x -c x.kept=5 -c understudy.environment=last",
        "--enable-nestloop=off -c understudy.environment=a-b -c x.kept=6"
      })
  void readsOptionsAsPostgresDoes(String options) throws Exception {
    OptionSwitches switches =
        OptionSwitches.parse(options, name -> name.equalsIgnoreCase("understudy.environment"));

    String ours = switches.taken().isEmpty() ? "" : switches.taken().getLast().value();
    assertThat(setting(options, "understudy.environment")).isEqualTo(ours);
    assertThat(setting(switches.kept(), "understudy.environment")).isEmpty();
    assertThat(setting(switches.kept(), "x.kept"))
        .isEqualTo(setting(options, "x.kept"))
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-z -c understudy.environment=pr-1",
        "word -c understudy.environment=pr-1",
        "-- -c understudy.environment=pr-1",
        "-f -c understudy.environment=pr-1",
        "-c understudy.environment=pr-1 -c"
      })
  void keepsWhatPostgresRefuses(String options) {
    OptionSwitches switches = OptionSwitches.parse(options, name -> name.startsWith("under"));

    assertThatThrownBy(() -> setting(options, "x.kept")).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> setting(switches.kept(), "x.kept")).isInstanceOf(SQLException.class);
  }

  private static String setting(String options, String name) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    properties.setProperty("socketFactoryArg", postgres.socket().toString());
    properties.setProperty("options", options);
    try (Connection connection =
            DriverManager.getConnection("jdbc:postgresql://localhost/postgres", properties);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT coalesce(current_setting('" + name + "', true), '')")) {
      result.next();
      return result.getString(1);
    }
  }
}
