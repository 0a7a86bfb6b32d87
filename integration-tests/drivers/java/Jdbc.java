import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** What the walks of those have in common who use pgjdbc. */
final class Jdbc {
  private Jdbc() {}

  /** Every form that a URL can carry, the printed one first. */
  static List<String> urls() {
    String base = "jdbc:postgresql://" + Walk.HOST + ":" + Walk.PORT + "/";
    String user = "?user=" + Walk.LOGIN;
    List<String> urls = new ArrayList<>();
    urls.add(Walk.URL);
    if (Walk.isTls()) {
      urls.add(Walk.URL_BY_HOST);
    }
    urls.add(base + Walk.DATABASE + "%40" + Walk.ENVIRONMENT + user + tls());
    urls.add(base + Walk.ENVIRONMENT + user + tls());
    urls.add(base + Walk.DATABASE + user + "%40" + Walk.ENVIRONMENT + tls());
    return urls;
  }

  /** All that, and what the recipe of a tool has in a variable of its own. */
  static List<String> urls(String page, String variable) throws IOException {
    List<String> urls = urls();
    urls.add(Recipe.exported(page, variable) + "&user=" + Walk.LOGIN + tls());
    return urls;
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

  /** Of what a tool has made of an error of the server's; null: there is none in it. */
  static String sqlState(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException error ? error.getSQLState() : null;
  }

  private static String tls() {
    return Walk.isTls()
        ? "&sslmode=verify-full&sslrootcert=" + Walk.ROOT_CERTIFICATE
        : "&sslmode=disable";
  }
}
