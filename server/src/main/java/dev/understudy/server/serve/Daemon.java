package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.ClonerException;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.Settings;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The proxy in front of the cloner. */
public final class Daemon implements AutoCloseable {
  private final Settings settings;
  private final Cloner cloner;
  private final ProxyServer proxy;
  private final int port;

  private Daemon(Settings settings, Cloner cloner, ProxyServer proxy, int port) {
    this.settings = settings;
    this.cloner = cloner;
    this.proxy = proxy;
    this.port = port;
  }

  /**
   * Returns when clients can connect: what an earlier daemon left has been sorted out, and every
   * source that can be copied has a snapshot.
   */
  public static Daemon start(Settings settings) throws CommandException, InterruptedException {
    return start(settings, () -> Cloner.open(settings));
  }

  /**
   * The same.
   *
   * @param progress by name of a source: who hears how far a copy of it is
   */
  public static Daemon start(Settings settings, Function<String, CopyListener> progress)
      throws CommandException, InterruptedException {
    return start(settings, () -> Cloner.open(settings, progress));
  }

  private static Daemon start(Settings settings, Opener opener)
      throws CommandException, InterruptedException {
    requireNonNull(settings, "settings is null");
    // Before a snapshot is cut, which may take its time.
    Port.requireFree(settings.listen());
    Certificate.requireUsable(settings.listen());
    Cloner cloner = open(opener);
    ProxyServer proxy = null;
    boolean started = false;
    try {
      Catalogs catalogs =
          new Catalogs(
              settings.environments(),
              settings.users().keySet(),
              settings.listen().tls() == null ? null : settings.listen().tls().domain(),
              cloner::snapshots);
      proxy =
          new ProxyServer(
              settings.listen(),
              settings.allowMd5(),
              () -> catalogs.get().names(),
              new StoredCredentials(settings, catalogs),
              new ClonedEnvironments(cloner::open));
      Daemon daemon = new Daemon(settings, cloner, proxy, proxy.start());
      cloner.beginIdling();
      started = true;
      return daemon;
    } catch (TlsException e) {
      throw Certificate.problem(e);
    } catch (IOException e) {
      throw new CommandException(String.valueOf(e.getMessage()), Port.HINT, e);
    } finally {
      if (!started) {
        close(cloner, proxy);
      }
    }
  }

  /** The proxy first, and the cloner even if that fails. */
  private static void close(Cloner cloner, @Nullable ProxyServer proxy) {
    try {
      if (proxy != null) {
        proxy.close();
      }
    } finally {
      cloner.close();
    }
  }

  private interface Opener {
    Cloner open() throws ClonerException, InterruptedException;
  }

  private static Cloner open(Opener opener) throws CommandException, InterruptedException {
    try {
      return opener.open();
    } catch (ClonerException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
  }

  public int port() {
    return port;
  }

  /** Whether there is one of this name, without making it. */
  public boolean hasEnvironment(String name) {
    return cloner.environments().stream().anyMatch(environment -> environment.name().equals(name));
  }

  /** Ends the sessions and leaves the clones' servers running, for the next daemon to find. */
  @Override
  public void close() {
    close(cloner, proxy);
  }

  /** Ends the sessions and stops the clones' servers too. */
  public void shutdown() throws InterruptedException {
    proxy.close();
    cloner.shutdown();
  }

  /** For people. */
  @Override
  public String toString() {
    return settings.listen().host()
        + " port "
        + port
        + ", "
        + cloner.environments().size()
        + " environments of earlier";
  }
}
