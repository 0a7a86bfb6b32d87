package dev.understudy.server.doctor;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.sandbox.SandboxProbe;
import dev.understudy.cloner.sandbox.SandboxReport;
import dev.understudy.embedded.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this host can confine servers. Tried in a directory of its own, which is removed. */
public final class HostIsolation {
  /** Any user but root and those that own something. */
  private static final Account PROBE = new Account("uid54322", 54_322, 54_322);

  private HostIsolation() {}

  public static SandboxReport probe() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("understudy-probe-");
    try {
      Account account = Accounts.isRoot() ? PROBE : Accounts.current();
      return new SandboxProbe(directory, account).run();
    } finally {
      DirectoryTree.delete(directory);
    }
  }
}
