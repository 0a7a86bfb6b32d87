package dev.understudy.cloner.hook;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.sandbox.Inside;
import dev.understudy.config.Hook;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of one hook, as seen from inside. */
record HookCommand(Hook hook, String database, String superuser, Inside inside) {
  private static final String IN_DIRECTORY = "cd \"$1\" && shift && exec \"$@\"";

  HookCommand {
    requireNonNull(hook, "hook is null");
    requireNonNull(database, "database is null");
    requireNonNull(superuser, "superuser is null");
    requireNonNull(inside, "inside is null");
  }

  /**
   * The words.
   *
   * @param psql as seen from inside; looked at for a script only
   */
  List<String> words(Path psql) {
    Path directory =
        hook instanceof Hook.Command command && command.directory() != null
            ? command.directory()
            : inside.data();
    List<String> words =
        new ArrayList<>(
            List.of("/bin/sh", "-c", IN_DIRECTORY, "understudy-hook", directory.toString()));
    words.add("/usr/bin/env");
    variables().forEach((name, value) -> words.add(name + "=" + value));
    switch (hook) {
      case Hook.Script script -> {
        words.addAll(List.of(psql.toString(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"));
        words.add(String.valueOf(script.file().getFileName()));
      }
      case Hook.Command command -> words.addAll(command.words());
    }
    return words;
  }

  private Map<String, String> variables() {
    String sockets = inside.sockets().toString();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("HOME", inside.data().toString());
    variables.put("PGHOST", sockets);
    variables.put("PGPORT", "5432");
    variables.put("PGUSER", superuser);
    variables.put("PGDATABASE", database);
    variables.put(
        "DATABASE_URL",
        "postgresql://" + encode(superuser) + "@/" + encode(database) + "?host=" + encode(sockets));
    return variables;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
