package dev.understudy.server.command;

import dev.understudy.config.SettingsFile;
import dev.understudy.server.serve.Daemon;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code understudy serve -c FILE}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the daemon until SIGTERM or Ctrl-C. Clones go on running; the next start finds them.",
      "SIGHUP reads the settings again."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private final SettingsOption option = new SettingsOption();

  @Override
  public Integer call() throws Exception {
    SettingsFile read = option.read();
    read.warnings().forEach(warning -> log.warn("{}", warning));
    return new Serving(option.file(), Hangups.watch()).run(() -> Daemon.start(read.settings()));
  }
}
