package dev.understudy.proxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

class ProxyWithPostgres15IT extends ProxyWithPostgres {
  private static final Path HOME = Path.of("/usr/lib/postgresql/15");

  @Override
  Path home(Path scratch) {
    assumeTrue(Files.isDirectory(HOME), "no PostgreSQL 15 in " + HOME);
    return HOME;
  }

  @Override
  int protocolMinor() {
    return 0;
  }
}
