package dev.understudy.proxy;

import dev.understudy.embedded.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Path;

class ProxyWithPostgres18IT extends ProxyWithPostgres {
  @Override
  Path home(Path scratch) throws IOException {
    return EmbeddedBinaries.unpack(scratch);
  }

  @Override
  int protocolMinor() {
    return 2;
  }
}
