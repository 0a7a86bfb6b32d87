package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.console.Command.Subject;
import dev.understudy.server.operate.Actor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What there is to be shown. */
final class Views {
  private final EnvironmentViews environments;
  private final SnapshotViews snapshots;
  private final CloneViews clones;
  private final ClientViews clients;
  private final StatisticsViews statistics;
  private final DatabaseViews databases;
  private final UsageViews usage;
  private final String version;

  Views(
      EnvironmentViews environments,
      SnapshotViews snapshots,
      CloneViews clones,
      ClientViews clients,
      StatisticsViews statistics,
      DatabaseViews databases,
      UsageViews usage,
      String version) {
    this.environments = requireNonNull(environments, "environments is null");
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.clones = requireNonNull(clones, "clones is null");
    this.clients = requireNonNull(clients, "clients is null");
    this.statistics = requireNonNull(statistics, "statistics is null");
    this.databases = requireNonNull(databases, "databases is null");
    this.usage = requireNonNull(usage, "usage is null");
    this.version = requireNonNull(version, "version is null");
  }

  View<?> of(Command.Show show, Actor actor) {
    return switch (show.subject()) {
      case ENVIRONMENTS -> environments.environments(actor);
      case CLONES -> clones.clones(actor);
      case SNAPSHOTS -> snapshots.snapshots();
      case FINDINGS -> snapshots.findings(show.snapshot());
      case SOURCES -> environments.sources();
      case TRASH -> environments.trash(actor);
      case CLIENTS -> clients.clients(actor);
      case SERVERS -> clients.servers(actor);
      case POOLS -> clients.pools(actor);
      case DATABASES -> databases.databases(actor);
      case STATS -> statistics.whole(actor);
      case STATS_TOTALS -> statistics.totals(actor);
      case STATS_AVERAGES -> statistics.averages(actor);
      case TOTALS -> statistics.sums(actor);
      case USAGE -> usage.usage(actor);
      case LISTS -> databases.lists(actor);
      case USERS -> databases.users(actor);
      case CONFIG -> databases.settings(actor);
      case VERSION ->
          new View<>(
              List.of(Column.text("version")),
              () -> List.of("Understudy " + version),
              ConsoleResult::row);
      case HELP -> help();
    };
  }

  private static View<List<String>> help() {
    Stream<List<String>> shown =
        Arrays.stream(Subject.values())
            .map(subject -> List.of(subject.form(), subject.description()));
    Stream<List<String>> done =
        Arrays.stream(Grammar.values()).map(form -> List.of(form.form(), form.description()));
    List<List<String>> all = Stream.concat(shown, done).toList();
    return new View<>(
        List.of(Column.text("command"), Column.text("description")),
        () -> all,
        line -> ConsoleResult.row(line.get(0), line.get(1)));
  }
}
