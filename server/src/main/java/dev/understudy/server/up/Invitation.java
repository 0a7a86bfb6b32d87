package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.certificate.OwnCertificate;

/** What to paste, and what to know, once clients can connect. */
final class Invitation {
  private final Up up;
  private final int port;
  private final String page;

  /**
   * @param page what to say of the web page; empty: there is none
   */
  Invitation(Up up, int port, String page) {
    this.up = requireNonNull(up, "up is null");
    this.port = port;
    this.page = requireNonNull(page, "page is null");
  }

  String text() {
    String host = up.settings().listen().host();
    String target = "host=%s port=%d user=%s".formatted(host, port, UpSettings.USER);
    String database = up.database();
    return """

    Clients can connect, as %s:

        psql "%s dbname=%s"          # follows production
        psql "%s dbname=%s@pr-1"     # made by connecting, as is any pr-*, ci-* or dev-*
        jdbc:postgresql://%s:%d/%s%%40pr-1?user=%s
        PGOPTIONS="-c understudy.environment=pr-1" psql -h %s -p %d -U %s %s
    %s%s
    The settings are in %s; understudy serve -c %s does the same.
    %s
    Ctrl-C ends the daemon. Clones go on running, and the next start finds them.\
    """
        .formatted(
            user(up),
            target,
            UpSettings.STAGING,
            target,
            database,
            host,
            port,
            database,
            UpSettings.USER,
            host,
            port,
            UpSettings.USER,
            database,
            up.ownCertificate().map(Invitation::verify).orElse(""),
            page.isEmpty() ? "" : "\n" + page.indent(0),
            up.file(),
            up.file(),
            isMasked() ? "" : unmasked());
  }

  /** Who clients are, and by which password. */
  static String user(Up up) {
    return "%s with the password %s"
        .formatted(
            UpSettings.USER,
            up.password() == null
                ? "that was told when the settings were made"
                : up.password() + " (told this once)");
  }

  private static String verify(OwnCertificate own) {
    return "\nTLS is there too: host=localhost sslmode=verify-full sslrootcert=%s verifies it.\n"
        .formatted(own.files().certificate());
  }

  private boolean isMasked() {
    return up.settings().sources().values().stream().allMatch(source -> source.mask() != null);
  }

  private String unmasked() {
    return """

    UNMASKED: every environment holds production's data as it is, personal data included. Write mask { ... } for
    the source in %s to change that; docs/masking.md tells how.
    """
        .formatted(up.file());
  }
}
