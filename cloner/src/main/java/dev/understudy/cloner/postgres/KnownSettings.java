package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The settings that one version of PostgreSQL knows: any other would keep it from starting. */
public record KnownSettings(Set<String> names) {
  /** Not among those that a server describes. */
  private static final String IN_PLACE = "allow_in_place_tablespaces";

  public KnownSettings {
    names = Set.copyOf(names);
  }

  /** Asks the server itself, which takes some 10 ms. */
  public static KnownSettings of(PostgresBinaries binaries)
      throws IOException, InterruptedException {
    String postgres = binaries.home().resolve("bin/postgres").toString();
    ShortCommand.Result result = ShortCommand.run(List.of(postgres, "--describe-config"));
    if (!result.succeeded()) {
      throw new IOException(postgres + " --describe-config does not work: " + result.output());
    }
    KnownSettings described = parse(result.output());
    return binaries.knowsTablespacesInPlace() ? described.and(IN_PLACE) : described;
  }

  private KnownSettings and(String name) {
    Set<String> all = new HashSet<>(names);
    all.add(name);
    return new KnownSettings(all);
  }

  /** One setting a line, its name before the first tab. */
  static KnownSettings parse(String output) throws IOException {
    Set<String> names = new HashSet<>();
    for (String line : output.lines().toList()) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        names.add(line.substring(0, tab).toLowerCase(Locale.ROOT));
      }
    }
    if (!names.contains("shared_buffers")) {
      throw new IOException("postgres --describe-config names no settings");
    }
    return new KnownSettings(names);
  }

  /** Names are compared without regard to case. */
  public boolean contains(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }
}
