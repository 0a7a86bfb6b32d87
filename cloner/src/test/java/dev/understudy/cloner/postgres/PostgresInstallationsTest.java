package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PostgresInstallationsTest {
  @Test
  void configuredOnesComeBeforeTheUsualPlaces() {
    Path own = Path.of("/opt/own");
    assertThat(new PostgresInstallations(List.of(own)).homes(17))
        .startsWith(own, Path.of("/usr/lib/postgresql/17"))
        .contains(
            Path.of("/usr/pgsql-17"),
            Path.of("/usr/lib/postgresql17"),
            Path.of("/home/linuxbrew/.linuxbrew/opt/postgresql@17"))
        .endsWith(Path.of("/usr"));
  }

  @Test
  void oneThatIsNotOfTheVersionIsPassedOver() throws Exception {
    PostgresInstallations installations = new PostgresInstallations(List.of(Workbench.embedded()));
    assertThat(installations.find(18)).isPresent();
    assertThat(installations.find(99)).isEmpty();
  }

  /** Where distributions put the modules, seen from the home. */
  @Test
  void preloadableLibrariesAreFound() throws Exception {
    Path home = Workbench.embedded();
    assertThat(
            new PreloadLibraries(home)
                .leftOut(java.util.Map.of("shared_preload_libraries", "pg_stat_statements")))
        .isEmpty();
    assertThat(
            new PreloadLibraries(home.resolve("bin"))
                .leftOut(java.util.Map.of("shared_preload_libraries", "pg_stat_statements")))
        .containsKey("pg_stat_statements");
  }

  @Test
  void librariesThatAreNotHereAreToldOnce() throws Exception {
    assertThat(
            new PreloadLibraries(Workbench.embedded())
                .missing(
                    List.of(
                        "pg_stat_statements, nowhere",
                        "\"$libdir/auto_explain.so\", nowhere,\"$libdir/plugins/own\"",
                        "/opt/elsewhere/third")))
        .containsExactly("nowhere", "plugins/own", "/opt/elsewhere/third");
  }
}
