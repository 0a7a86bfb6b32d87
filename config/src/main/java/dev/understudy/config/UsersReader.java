package dev.understudy.config;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code users}. A message never repeats a password. */
final class UsersReader {
  private static final int MAX_NAME_BYTES = 63;
  private static final String CONVERT =
      "psql's \\password makes one, and SELECT rolpassword FROM pg_authid shows it";

  private final Section section;
  private final boolean allowMd5;

  UsersReader(Section section, boolean allowMd5) {
    this.section = section;
    this.allowMd5 = allowMd5;
  }

  Map<String, User> read() {
    Map<String, User> users = new LinkedHashMap<>();
    section.named().forEach((name, user) -> users.put(name, user(name, user)));
    return users;
  }

  private User user(String name, Section user) {
    if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      section.error(name, "a user name has 1 to " + MAX_NAME_BYTES + " bytes");
    }
    String password = user.requiredText("password", "\"SCRAM-SHA-256$...\"");
    check(user, password);
    User read = new User(name, new Secret(password), user.text("role", name), user.flag("admin"));
    user.refuseUnknown();
    return read;
  }

  private void check(Section user, String password) {
    switch (PasswordKind.of(password)) {
      case SCRAM -> {}
      case MALFORMED_SCRAM -> user.error("password", "is a malformed SCRAM verifier; " + CONVERT);
      case MD5 -> {
        if (!allowMd5) {
          user.error("password", "is an md5 verifier and allow-md5 is false; " + CONVERT);
        }
      }
      case PLAIN -> {
        if (!password.isEmpty() && user.isWrittenOut("password")) {
          user.warning(
              "password",
              "is plain text; better a SCRAM verifier (" + CONVERT + "), or ${VARIABLE}");
        }
      }
    }
  }
}
