package dev.understudy.server.up;

import dev.understudy.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A file of passwords as libpq reads it: {@code host:port:database:user:password}. */
record PassFile(Path path) {
  private static final Set<PosixFilePermission> OWNER =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  boolean exists() {
    return Files.isRegularFile(path);
  }

  /** False where others than its owner may do anything with it: it is not to be read then. */
  boolean isPrivate() throws IOException {
    return OWNER.containsAll(Files.getPosixFilePermissions(path));
  }

  /** That of the first line that fits; empty where none does, or where it has no password. */
  Optional<Secret> password(String host, int port, String database, String user)
      throws IOException {
    List<String> wanted = List.of(host, Integer.toString(port), database, user);
    for (String line : Files.readString(path, StandardCharsets.UTF_8).lines().toList()) {
      if (!line.startsWith("#")) {
        List<String> fields = fields(line);
        if (fields.size() > wanted.size() && fits(fields, wanted)) {
          return Optional.of(fields.get(wanted.size()))
              .filter(password -> !password.isEmpty())
              .map(Secret::new);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean fits(List<String> fields, List<String> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A backslash takes the next character as it is. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ':') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        if (c == '\\' && i + 1 < line.length()) {
          i++;
        }
        field.append(line.charAt(i));
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
