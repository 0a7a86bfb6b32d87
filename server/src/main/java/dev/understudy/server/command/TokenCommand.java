package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import dev.understudy.server.http.token.TokenText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code understudy token}. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a token for the HTTP API: the token itself, which is told this once, and its hash for",
      "http.tokens.NAME.hash of the settings."
    })
public final class TokenCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Secret token = TokenText.random();
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    out.println("token  " + token.value());
    out.println("hash   " + TokenText.hashOf(token));
    out.flush();
    return ExitCode.OK;
  }
}
