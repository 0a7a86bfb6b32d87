package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.ConnectionUrl;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the standby's server, and pg_basebackup, reach production: libpq's words, as they see the
 * world from inside their sandbox. No password is in it: that is in a file of {@link Secrets}.
 */
record Conninfo(Map<String, String> words) {
  private static final String SECONDS_TO_CONNECT = "10";

  Conninfo {
    words = Map.copyOf(words);
  }

  /**
   * @param secrets where they see the files of {@link Secrets}
   * @param socketDirectory where they see production's unix socket; null where it is reached by TCP
   */
  static Conninfo of(ConnectionUrl url, String user, Path secrets, @Nullable Path socketDirectory) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("host", socketDirectory == null ? String.valueOf(url.host()) : "" + socketDirectory);
    words.put("port", Integer.toString(url.port() == null ? 5432 : url.port()));
    words.put("user", user);
    url.parameters()
        .forEach((name, value) ->
            words.put(
                name,
                Secrets.FILES.contains(name) && !value.equals("system")
                    ? secrets.resolve(name).toString()
                    : value));
    if (url.password() != null) {
      words.put("passfile", secrets.resolve(Secrets.PASSWORD).toString());
    }
    words.put("connect_timeout", SECONDS_TO_CONNECT);
    words.put("keepalives_idle", "30");
    words.put("keepalives_interval", "10");
    words.put("keepalives_count", "3");
    // Where something was sent and is not acknowledged, there are no keepalives.
    words.put("tcp_user_timeout", "60000");
    words.put("gssencmode", "disable");
    words.put("application_name", "understudy");
    return new Conninfo(words);
  }

  /** As a connection string. */
  String text() {
    StringBuilder text = new StringBuilder();
    words.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(word ->
            text.append(text.isEmpty() ? "" : " ")
                .append(word.getKey())
                .append("='")
                .append(word.getValue().replace("\\", "\\\\").replace("'", "\\'"))
                .append('\''));
    return text.toString();
  }
}
