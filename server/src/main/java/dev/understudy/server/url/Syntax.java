package dev.understudy.server.url;

import dev.understudy.server.url.Encryption.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the tools write connection parameters down. */
enum Syntax {
  /** What libpq calls a connection URI, and all that read it as it does. */
  URI {
    @Override
    String write(ConnectionParameters parameters) {
      return libpq("postgresql://", parameters);
    }
  },
  /** SQLAlchemy picks its dialect and driver by the scheme; what follows is for libpq. */
  SQLALCHEMY {
    @Override
    String write(ConnectionParameters parameters) {
      return libpq("postgresql+psycopg2://", parameters);
    }
  },
  /** A command for a shell. */
  PSQL {
    @Override
    String write(ConnectionParameters parameters) {
      List<String> words = new ArrayList<>();
      words.add("host=" + quoted(parameters.host()));
      words.add("port=" + parameters.port());
      words.add("user=" + quoted(parameters.user()));
      words.add("dbname=" + quoted(parameters.database()));
      settings(parameters)
          .forEach(setting -> words.add(setting.name + "=" + quoted(setting.value)));
      return "psql " + shellWord(String.join(" ", words));
    }
  },
  /**
   * Encrypted without verification only by {@code uselibpqcompat}: to this one "require" verifies.
   */
  NODE {
    @Override
    String write(ConnectionParameters parameters) {
      UrlText url = UrlText.withUser("postgresql://", parameters);
      settings(parameters).forEach(setting -> url.with(setting.name, setting.value));
      return url.with(
              "uselibpqcompat", parameters.encryption().mode() == Mode.REQUIRED ? true : null)
          .toString();
    }
  },
  /** Takes authorities from {@code NODE_EXTRA_CA_CERTS}, and all it does not know for settings. */
  POSTGRES_JS {
    @Override
    String write(ConnectionParameters parameters) {
      return UrlText.withUser("postgresql://", parameters)
          .with("options", parameters.options())
          .with("sslmode", parameters.encryption().sslmode())
          .toString();
    }
  },
  JDBC {
    @Override
    String write(ConnectionParameters parameters) {
      UrlText url = UrlText.of("jdbc:postgresql://", parameters).with("user", parameters.user());
      settings(parameters).forEach(setting -> url.with(setting.name, setting.value));
      return url.toString();
    }
  },
  R2DBC {
    @Override
    String write(ConnectionParameters parameters) {
      return UrlText.withUser("r2dbc:postgresql://", parameters)
          .with("sslMode", parameters.encryption().sslmode())
          .with("sslRootCert", parameters.encryption().rootCertificate())
          .toString();
    }
  },
  /** Takes authorities from its {@code SSLOptions} only. */
  VERTX {
    @Override
    String write(ConnectionParameters parameters) {
      return UrlText.withUser("postgresql://", parameters)
          .with("sslmode", parameters.encryption().sslmode())
          .toString();
    }
  },
  /** {@code DATABASES} of its settings module, which has no URL. */
  DJANGO {
    @Override
    String write(ConnectionParameters parameters) {
      StringBuilder text = new StringBuilder("DATABASES = {\"default\": {\n");
      text.append("    \"ENGINE\": \"django.db.backends.postgresql\",\n");
      text.append("    \"HOST\": %s,%n".formatted(python(parameters.host())));
      text.append("    \"PORT\": %d,%n".formatted(parameters.port()));
      text.append("    \"USER\": %s,%n".formatted(python(parameters.user())));
      text.append("    \"NAME\": %s,%n".formatted(python(parameters.database())));
      List<Setting> settings = settings(parameters);
      if (!settings.isEmpty()) {
        List<String> entries =
            settings.stream().map(s -> python(s.name) + ": " + python(s.value)).toList();
        text.append("    \"OPTIONS\": {%s},%n".formatted(String.join(", ", entries)));
      }
      return text.append("}}").toString();
    }
  },
  /** Data source name of Perl's DBI. */
  PERL {
    @Override
    String write(ConnectionParameters parameters) {
      return "dbi:Pg:" + dataSource(parameters);
    }
  },
  /** Data source name of PHP's PDO. */
  PHP {
    @Override
    String write(ConnectionParameters parameters) {
      return "pgsql:" + dataSource(parameters);
    }
  };

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@./:-]+");

  /** One line, but for what is a piece of a program. */
  abstract String write(ConnectionParameters parameters);

  /** What libpq, and who names settings as it does, is told beyond where and who. */
  private record Setting(String name, String value) {}

  private static List<Setting> settings(ConnectionParameters parameters) {
    List<Setting> settings = new ArrayList<>();
    add(settings, "options", parameters.options());
    add(settings, "sslmode", parameters.encryption().sslmode());
    Path root = parameters.encryption().rootCertificate();
    add(settings, "sslrootcert", root == null ? null : root.toString());
    return settings;
  }

  private static void add(List<Setting> settings, String name, @Nullable String value) {
    if (value != null) {
      settings.add(new Setting(name, value));
    }
  }

  private static String libpq(String scheme, ConnectionParameters parameters) {
    UrlText url = UrlText.withUser(scheme, parameters);
    settings(parameters).forEach(setting -> url.with(setting.name, setting.value));
    return url.toString();
  }

  private static String dataSource(ConnectionParameters parameters) {
    StringBuilder text = new StringBuilder();
    text.append("host=").append(quoted(parameters.host()));
    text.append(";port=").append(parameters.port());
    text.append(";dbname=").append(quoted(parameters.database()));
    text.append(";user=").append(quoted(parameters.user()));
    for (Setting setting : settings(parameters)) {
      text.append(';').append(setting.name).append('=').append(quoted(setting.value));
    }
    return text.toString();
  }

  /** A value of libpq's keywords. */
  private static String quoted(String value) {
    return PLAIN.matcher(value).matches()
        ? value
        : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String shellWord(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static String python(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
