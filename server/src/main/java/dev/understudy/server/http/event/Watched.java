package dev.understudy.server.http.event;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.environment.EnvironmentBody;
import dev.understudy.server.http.source.Copies.Copy;
import dev.understudy.server.http.source.SnapshotBody;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is looked at, several times a second, for what has changed: all of it is cheap.
 *
 * @param copies the latest of each source
 */
public record Watched(
    Supplier<List<EnvironmentBody>> environments,
    Supplier<List<SnapshotBody>> snapshots,
    Supplier<List<Copy>> copies) {
  public Watched {
    requireNonNull(environments, "environments is null");
    requireNonNull(snapshots, "snapshots is null");
    requireNonNull(copies, "copies is null");
  }
}
