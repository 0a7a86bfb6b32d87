package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Http;
import dev.understudy.config.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageLinkTest {
  private static final Path TOKEN_FILE = Path.of("/data/http-token");

  @Test
  void aBrowserOfTheSameHostGetsThere() {
    assertThat(link("127.0.0.1", false).address()).isEqualTo("http://127.0.0.1:6480/");
    assertThat(link("0.0.0.0", false, "db.example.com").address())
        .isEqualTo("http://127.0.0.1:6480/");
    assertThat(link("::1", false).address()).isEqualTo("http://[::1]:6480/");
    assertThat(link("0.0.0.0", true).address()).isEqualTo("https://127.0.0.1:6480/");
    assertThat(link("0.0.0.0", true, "db.example.com", "db").address())
        .isEqualTo("https://db.example.com:6480/");
  }

  @Test
  void onlyATerminalIsToldTheToken() {
    PageLink link = link("127.0.0.1", false);

    assertThat(link.signedIn(new Secret("understudy_s3cret")))
        .endsWith("\n    http://127.0.0.1:6480/#token=understudy_s3cret");
    assertThat(link.plain()).contains("/data/http-token").endsWith("\n    http://127.0.0.1:6480/");
  }

  private static PageLink link(String host, boolean tls, String... names) {
    @Nullable CertificateFiles certificate =
        tls ? new CertificateFiles(Path.of("/c"), Path.of("/k")) : null;
    return new PageLink(
        new Http(true, host, 6480, certificate, List.of(names), Map.of(), Map.of()),
        6480,
        TOKEN_FILE);
  }
}
