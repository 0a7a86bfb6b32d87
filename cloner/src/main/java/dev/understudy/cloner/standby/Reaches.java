package dev.understudy.cloner.standby;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.sandbox.Reach;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a standby reaches: the network, its secrets, and production's socket where there is one. */
final class Reaches {
  static final String SECRETS = "secrets";
  static final String PRODUCTION = "production";

  private Reaches() {}

  static Reach of(Production production, Secrets secrets) throws IOException {
    Map<String, Path> shown = new HashMap<>();
    shown.put(SECRETS, secrets.directory());
    if (production.isUnixSocket()) {
      shown.put(PRODUCTION, Path.of(production.socketDirectory()).toRealPath());
    }
    return new Reach(true, shown);
  }
}
