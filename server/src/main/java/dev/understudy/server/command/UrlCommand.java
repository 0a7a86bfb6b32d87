package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.SettingsException;
import dev.understudy.server.CommandException;
import dev.understudy.server.url.Targets;
import dev.understudy.server.url.Tool;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy url NAME --for TOOL -c FILE}. */
@Command(
    name = "url",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the connection string of an environment, as the tool at hand writes it.",
      "Asks no daemon, makes nothing, and tells no password."
    })
public final class UrlCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "of the environment; it may not exist yet")
  private String name = "";

  @Mixin private final SettingsOption option = new SettingsOption();

  @Option(
      names = "--for",
      paramLabel = "TOOL",
      defaultValue = "url",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Tool tool = Tool.URL;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "to log in as (default: the only one of the settings, or a placeholder)")
  private @Nullable String user;

  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description = "to be connected to (default: the pattern's)")
  private @Nullable String database;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "that clients reach the proxy at (default: listen.host, or this host's name)")
  private @Nullable String host;

  @Option(
      names = "--by-host",
      description = "name the environment by the host, NAME.DOMAIN (listen.tls.domain)")
  private boolean byHost;

  @Option(names = "--port", paramLabel = "PORT", description = "the same (default: listen.port)")
  private @Nullable Integer port;

  @Option(
      names = "--root-certificate",
      paramLabel = "FILE",
      description =
          "where clients have the certificate of the authority that they are to verify the proxy"
              + " by (default: they encrypt and do not verify)")
  private @Nullable Path rootCertificate;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws SettingsException, CommandException {
    Targets.Wishes wishes = new Targets.Wishes(host, port, user, database, rootCertificate);
    Targets targets = new Targets(option.read().settings(), wishes);
    String text = byHost ? targets.writeByHost(name, tool) : targets.write(name, tool);
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    out.println(text);
    out.flush();
    return ExitCode.OK;
  }
}
