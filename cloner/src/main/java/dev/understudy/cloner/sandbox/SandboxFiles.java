package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The few files below {@code /etc} that sandboxes show instead of the host's: who users are,
 * without the host's users.
 *
 * @param directory belongs to the daemon; the same for all sandboxes
 */
public record SandboxFiles(Path directory) {
  static final List<String> NAMES = List.of("passwd", "group", "hosts", "nsswitch.conf");

  private static final String WITH_NETWORK = "network-";

  public SandboxFiles {
    requireNonNull(directory, "directory is null");
  }

  /** Writes the files; servers that run already keep what they have. */
  public static SandboxFiles write(Path directory, Account account) throws IOException {
    Files.createDirectories(directory.resolve("root"));
    SandboxFiles files = new SandboxFiles(directory);
    files.write(
        "passwd",
        "root:x:0:0::/:/bin/sh\npostgres:x:%d:%d::/data:/bin/sh\n"
            .formatted(account.uid(), account.gid()));
    files.write("group", "root:x:0:\npostgres:x:%d:\n".formatted(account.gid()));
    files.write("hosts", "127.0.0.1 localhost\n::1 localhost\n");
    files.write("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    files.write(WITH_NETWORK + "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    return files;
  }

  /** What is shown below {@code /etc} by these names; with the network, names of hosts as here. */
  Map<String, Path> shown(Reach reach) {
    Map<String, Path> shown = new LinkedHashMap<>();
    NAMES.forEach(name -> shown.put(name, directory.resolve(name)));
    if (reach.network()) {
      shown.put("nsswitch.conf", directory.resolve(WITH_NETWORK + "nsswitch.conf"));
      for (String name : List.of("hosts", "resolv.conf")) {
        Path ofHost = Path.of("/etc", name);
        if (Files.exists(ofHost)) {
          shown.put(name, ofHost);
        }
      }
    }
    return shown;
  }

  /** An empty directory, to build the inside's root on. */
  Path root() {
    return directory.resolve("root");
  }

  private void write(String name, String text) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Files.writeString(fresh, text);
    Files.setPosixFilePermissions(
        fresh, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
