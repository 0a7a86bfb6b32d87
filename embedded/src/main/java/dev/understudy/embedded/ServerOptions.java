package dev.understudy.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server is made.
 *
 * @param home the directory whose {@code bin/} holds {@code postgres}, of any version from 13 on
 * @param uid who runs it and owns its files, when this process is root; needs no entry in the user
 *     database
 * @param port of TCP on 127.0.0.1, and of the unix socket; null: unix socket only, port 5432
 * @param hba lines of pg_hba.conf; empty: trust on the unix socket, SCRAM on TCP
 * @param settings for postgresql.conf, values as they are written there without quotes
 */
public record ServerOptions(
    Path home, int uid, @Nullable Integer port, List<String> hba, Map<String, String> settings) {
  /** Not used by any Linux distribution for a user of its own. */
  private static final int UNUSED_UID = 54_321;

  private static final List<String> DEFAULT_HBA =
      List.of(
          "local all,replication all trust", "host all,replication all 127.0.0.1/32 scram-sha-256");

  public ServerOptions {
    requireNonNull(home, "home is null");
    hba = hba.isEmpty() ? DEFAULT_HBA : List.copyOf(hba);
    settings = Map.copyOf(settings);
  }

  public static ServerOptions of(Path home) {
    return new ServerOptions(home, UNUSED_UID, null, List.of(), Map.of());
  }

  public ServerOptions withUid(int newUid) {
    return new ServerOptions(home, newUid, port, hba, settings);
  }

  public ServerOptions withPort(int newPort) {
    return new ServerOptions(home, uid, newPort, hba, settings);
  }

  /** On a port where nobody listened just now. */
  public ServerOptions withFreePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return withPort(socket.getLocalPort());
    }
  }

  public ServerOptions withHba(String... lines) {
    return new ServerOptions(home, uid, port, List.of(lines), settings);
  }

  public ServerOptions withSettings(Map<String, String> newSettings) {
    return new ServerOptions(home, uid, port, hba, newSettings);
  }
}
