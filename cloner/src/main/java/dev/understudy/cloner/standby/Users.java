package dev.understudy.cloner.standby;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.source.ConnectionUrl;
import java.io.IOException;

/** Who we are on production. */
final class Users {
  private Users() {}

  /** The URL's user, else the operating system's, as with libpq. */
  static String of(ConnectionUrl url) throws IOException, InterruptedException {
    return url.user() == null ? Accounts.current().name() : url.user();
  }
}
