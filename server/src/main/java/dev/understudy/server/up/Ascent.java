package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.survey.Survey;
import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.server.CommandException;
import dev.understudy.server.Narrator;
import dev.understudy.server.Terminal;
import dev.understudy.server.certificate.OwnCertificate;
import dev.understudy.server.serve.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The way from one URL to a daemon that serves, told as it goes. */
public final class Ascent {
  private final Narrator narrator;
  private final Secret url;
  private final Path dataDirectory;
  private final long poolBytes;

  /**
   * @param url of production
   * @param dataDirectory absolute; the settings file is beside it
   * @param poolBytes of the image that is made where root has a file system that cannot share
   *     blocks
   */
  public Ascent(Narrator narrator, Secret url, Path dataDirectory, long poolBytes) {
    this.narrator = requireNonNull(narrator, "narrator is null");
    this.url = requireNonNull(url, "url is null");
    this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory is null");
    this.poolBytes = poolBytes;
  }

  /**
   * Returns when clients can connect, and has told them how.
   *
   * @param port wanted, where there are no settings yet
   */
  public Daemon begin(int port) throws Exception {
    UpFile file = UpFile.beside(dataDirectory);
    Up up;
    if (file.exists()) {
      narrator.say("      settings of an earlier time: " + file.path());
      if (file.hasOtherPassword(url)) {
        Survey _ = narrator.step("ask production by its new password", this::survey);
        file.replaceUrl(url);
        narrator.say("      new password written: " + file.path());
      }
      up = Up.again(file, url);
      Optional<OwnCertificate> own = up.ownCertificate();
      if (own.isPresent()) {
        own.get().ensure();
      }
    } else {
      Survey survey = narrator.step("ask production", this::survey);
      narrator.say("      " + survey.describe());
      makePool();
      CertificateFiles certificate =
          narrator.step("make a certificate for TLS", OwnCertificate.beside(dataDirectory)::ensure);
      up = Up.first(file, url, survey, dataDirectory, port, certificate);
      narrator.say("      settings written: " + file.path());
      // Now, as it is told once, and what follows may fail.
      narrator.say("      clients connect as " + Invitation.user(up));
    }
    Daemon daemon = start(up.settings());
    String page = daemon.page(Terminal.isThere()).orElse("");
    narrator.say(new Invitation(up, daemon.port(), page).text());
    return daemon;
  }

  /** The one that is there when the daemon has begun. */
  public Path settingsFile() {
    return UpFile.beside(dataDirectory).path();
  }

  private Survey survey() throws CommandException, InterruptedException {
    try {
      return Survey.of(url);
    } catch (SourceException e) {
      throw new CommandException(
          e.getMessage() + (e.detail() == null ? "" : "\n" + e.detail()), e.hint(), e);
    }
  }

  private void makePool() throws IOException, InterruptedException {
    if (Accounts.isRoot()) {
      Files.createDirectories(requireNonNull(dataDirectory.getParent(), "it is absolute"));
      PoolImage.ensure(dataDirectory, poolBytes)
          .ifPresent(ensured ->
              narrator.say(
                  ensured.made()
                      ? "      pool made: " + ensured.words()
                      : "      no pool in an image, so every clone is a whole copy: "
                          + ensured.words()));
    }
  }

  private Daemon start(Settings settings) throws Exception {
    ProgressBar bar = new ProgressBar(narrator, Terminal.isThere());
    return narrator.step(
        "start, with a snapshot of production where there is none yet",
        () -> {
          try {
            return Daemon.start(settings, source -> bar);
          } finally {
            bar.end();
          }
        });
  }
}
