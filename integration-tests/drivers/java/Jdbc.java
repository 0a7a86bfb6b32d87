import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** What the walks of those have in common who use pgjdbc. */
final class Jdbc {
  private Jdbc() {}

  /** Every form that a URL can carry, the printed one first. */
  static List<String> urls() {
    String base = "jdbc:postgresql://" + Walk.HOST + ":" + Walk.PORT + "/";
    String user = "?user=" + Walk.LOGIN;
    return List.of(
        Walk.URL,
        base + Walk.DATABASE + "%40" + Walk.ENVIRONMENT + user + tls(),
        base + Walk.ENVIRONMENT + user + tls(),
        base + Walk.DATABASE + user + "%40" + Walk.ENVIRONMENT + tls());
  }

  /** The printed form with the environment that sleeps. */
  static String nap() {
    return Walk.URL.replace(Walk.ENVIRONMENT, Walk.NAP);
  }

  static Connection connect(String url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("password", Walk.PASSWORD);
    return DriverManager.getConnection(url, properties);
  }

  static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  private static String tls() {
    return Walk.isTls()
        ? "&sslmode=verify-full&sslrootcert=" + Walk.ROOT_CERTIFICATE
        : "&sslmode=disable";
  }
}
