package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.SandboxedTool;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.sandbox.Inside;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * pg_basebackup at work. It runs in the sandbox of the standby to be, as that user, and ends with
 * this process's interest in it: whoever finds it left over kills it like a server.
 *
 * <p>Production feels one checkpoint, made at once, two connections, and its files being read.
 *
 * @param rateLimit kB/s; null for none
 * @param slot that keeps WAL while it works; null for none
 */
record BaseBackup(
    SandboxedServers servers,
    ServerSpec spec,
    Tablespaces tablespaces,
    @Nullable Integer rateLimit,
    @Nullable String slot) {
  private static final Duration SANDBOX = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Pattern PROGRESS = Pattern.compile("([0-9]+)/([0-9]+) kB");

  BaseBackup {
    requireNonNull(servers, "servers is null");
    requireNonNull(spec, "spec is null");
    requireNonNull(tablespaces, "tablespaces is null");
  }

  /** Fills the spec's data directory, which is empty. */
  void run(CopyListener listener) throws SourceException, IOException, InterruptedException {
    try (SandboxedTool tool = servers.startTool(spec, this::command, SANDBOX)) {
      OptionalInt status = OptionalInt.empty();
      while (status.isEmpty()) {
        tell(listener, tool.said());
        status = tool.await(LOOK);
      }
      if (status.getAsInt() != 0) {
        throw failed(tool.said());
      }
    }
    tablespaces.takeIn(spec.dataDirectory());
  }

  private List<String> command(Inside inside) {
    List<String> command = new ArrayList<>();
    command.add(inside.home().resolve("bin/pg_basebackup").toString());
    command.addAll(List.of("-D", inside.data().toString(), "-F", "plain", "-X", "stream"));
    command.addAll(List.of("-c", "fast", "-P", "--no-manifest", "--no-password"));
    command.addAll(List.of("-d", String.valueOf(spec.critical().get("primary_conninfo"))));
    if (slot == null) {
      command.add("--no-slot");
    } else {
      command.addAll(List.of("-S", slot));
    }
    if (rateLimit != null) {
      command.add("--max-rate=" + rateLimit + "k");
    }
    command.addAll(tablespaces.mapping(inside.data()));
    return command;
  }

  private static void tell(CopyListener listener, String said) {
    Matcher progress = PROGRESS.matcher(said);
    long copied = -1;
    long total = 0;
    while (progress.find()) {
      copied = Long.parseLong(progress.group(1)) << 10;
      total = Long.parseLong(progress.group(2)) << 10;
    }
    if (copied >= 0) {
      listener.copied(0, copied, Math.max(copied, total));
    }
  }

  private static SourceException failed(String said) {
    StringBuilder words = new StringBuilder();
    said.lines()
        .filter(line -> !PROGRESS.matcher(line).find())
        .forEach(line -> words.append(words.isEmpty() ? "" : "\n").append(line.strip()));
    boolean removed = words.indexOf("has already been removed") >= 0;
    boolean peer = words.indexOf("eer authentication") >= 0;
    return new SourceException(
        Kind.COPY,
        "the base backup of production failed",
        words.isEmpty() ? "pg_basebackup was ended." : words.toString(),
        removed
            ? "Raise wal_keep_size on production, or set slot of the source."
            : peer
                ? "It runs as the user of clones, whom peer authentication does not know: give the"
                    + " role a password, and a line with scram-sha-256 in production's pg_hba.conf."
                : "It is begun again from the start.");
  }
}
