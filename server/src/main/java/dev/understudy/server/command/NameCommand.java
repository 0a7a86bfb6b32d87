package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.name.DerivedName;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy name TEXT}. */
@Command(
    name = "name",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the name of an environment for a text, such as the name of a branch.",
      "The same text always gets the same name; different texts get different ones.",
      "Needs no settings and asks no daemon."
    })
public final class NameCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TEXT", description = "anything, such as feature/ABC-123")
  private String text = "";

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "that the name begins with, so that a pattern like \"ci-*\" covers it")
  private String prefix = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    out.println(name());
    out.flush();
    return ExitCode.OK;
  }

  private String name() {
    try {
      return new DerivedName(prefix).of(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          requireNonNull(spec, "spec is null").commandLine(), e.getMessage(), e);
    }
  }
}
