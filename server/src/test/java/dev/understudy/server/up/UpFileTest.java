package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Hocon;
import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import dev.understudy.server.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpFileTest {
  private static final String OLD =
      "postgresql://me@prod:5433/shop?password=o%22ld&sslmode=require";
  private static final Secret NEW =
      new Secret("postgresql://me@prod:5433/shop?sslmode=require&password=n%22ew");
  private static final String KEY = "A".repeat(43) + "=";

  @TempDir private Path directory;
  private UpFile file = UpFile.beside(Path.of("/nowhere"));

  @BeforeEach
  void write() throws Exception {
    file = UpFile.beside(directory.resolve("u"));
    file.write(
        "# of mine\n"
            + new UpSettings(
                    directory.resolve("u"),
                    7000,
                    7001,
                    new Secret(OLD),
                    "standby",
                    "shop",
                    new Secret("SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$%s:%s".formatted(KEY, KEY)),
                    "me",
                    new CertificateFiles(Path.of("/srv/u.crt"), Path.of("/srv/u.key")))
                .text());
  }

  private String url() throws Exception {
    return ((SourceType.Standby)
            requireNonNull(file.read(NEW).sources().get(UpSettings.SOURCE)).type())
        .url()
        .value();
  }

  @Test
  void anotherPasswordIsOfTheSameProduction() throws Exception {
    String before = Files.readString(file.path());
    assertThat(file.hasOtherPassword(NEW)).isTrue();
    assertThat(url()).isEqualTo(OLD);

    file.replaceUrl(NEW);

    assertThat(url()).isEqualTo(NEW.value());
    assertThat(file.hasOtherPassword(NEW)).isFalse();
    assertThat(file.hasOtherPassword(new Secret(OLD))).isTrue();
    assertThat(Files.readString(file.path()))
        .isEqualTo(before.replace(Hocon.quote(OLD), Hocon.quote(NEW.value())))
        .startsWith("# of mine");
    assertThat(Files.getPosixFilePermissions(file.path()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void withoutAPasswordTheFilesIsTaken() throws Exception {
    assertThat(file.hasOtherPassword(new Secret(OLD))).isFalse();
    assertThat(file.hasOtherPassword(new Secret("postgresql://me@prod:5433/shop?sslmode=require")))
        .isFalse();
    assertThat(url()).isEqualTo(OLD);
  }

  @Test
  void anotherProductionIsRefused() {
    for (String other : new String[] {"you@prod:5433/shop", "me@prod:5433/bank", "me@prod/shop"}) {
      assertThat(
              catchThrowableOfType(
                  CommandException.class,
                  () -> file.read(new Secret("postgresql://%s?sslmode=require".formatted(other)))))
          .hasMessage(file.path() + " is for another URL than this one");
    }
  }

  @Test
  void whatSomebodyHasWrittenInOtherWordsIsLeftToThem() throws Exception {
    String parts = Hocon.quote(OLD.substring(0, 20)) + Hocon.quote(OLD.substring(20));
    file.write(Files.readString(file.path()).replace(Hocon.quote(OLD), parts));

    CommandException refusal =
        catchThrowableOfType(CommandException.class, () -> file.replaceUrl(NEW));

    assertThat(refusal).hasMessageStartingWith(file.path() + " has another password");
    assertThat(refusal.hint()).contains("Correct url of the source there");
    assertThat(url()).isEqualTo(OLD);
  }
}
