package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was copied of production.
 *
 * @param version as {@code server_version_num}
 * @param superuser who may log in: the bootstrap superuser if it may, else another one
 * @param completion what makes it consistent
 * @param dataTime everything that was committed before is in the copy
 * @param settings that clones carry
 * @param leftBehind what of production's did not come along
 * @param position {@link Mirror#position} before the copy began; null where that is not known
 * @param files read
 * @param bytes read
 * @param elapsed from the first question to production to the end of its session
 */
public record SourceCopy(
    long systemIdentifier,
    int version,
    String superuser,
    Completion completion,
    Instant dataTime,
    Map<String, String> settings,
    LeftBehind leftBehind,
    @Nullable String position,
    long files,
    long bytes,
    Duration elapsed) {
  public SourceCopy {
    requireNonNull(superuser, "superuser is null");
    requireNonNull(completion, "completion is null");
    requireNonNull(dataTime, "dataTime is null");
    settings = Map.copyOf(settings);
    requireNonNull(leftBehind, "leftBehind is null");
    requireNonNull(elapsed, "elapsed is null");
  }

  /** The same, of which other settings are carried. */
  SourceCopy with(Map<String, String> newSettings, LeftBehind newLeftBehind) {
    return new SourceCopy(
        systemIdentifier,
        version,
        superuser,
        completion,
        dataTime,
        newSettings,
        newLeftBehind,
        position,
        files,
        bytes,
        elapsed);
  }
}
