package dev.understudy.cloner.environment.record;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.AddedLater;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code environments/NAME.json}. An environment exists if and only if it has one.
 *
 * @param target id of the clone that the name points at; null if its data was lost with a crash of
 *     the host and nobody has connected since
 * @param lastActivity of a client; may be a minute behind
 * @param owner the role that it was made for; null: nobody's
 * @param label for people
 * @param guarded nothing automatic removes it
 * @param keptUntil nothing automatic removes it before; null: only the policy decides
 * @param freshTokens those that it was made or reset for, the latest last; the oldest of many are
 *     forgotten; where they are missing, none
 * @param skippedRefreshes how often in a row it was not refreshed because it was used
 * @param warnedAt when a session was told last that it ends soon; null: never
 * @param hadBackAt when it came out of the trash last; null: never, or it has other data since
 */
public record EnvironmentRecord(
    String name,
    String source,
    @Nullable String target,
    Instant createdAt,
    Instant lastActivity,
    @AddedLater @Nullable String owner,
    @AddedLater @Nullable String label,
    @AddedLater boolean guarded,
    @AddedLater @Nullable Instant keptUntil,
    @AddedLater List<String> freshTokens,
    @AddedLater int skippedRefreshes,
    @AddedLater @Nullable Instant warnedAt,
    @AddedLater @Nullable Instant hadBackAt) {
  private static final int MOST_TOKENS = 100;

  public EnvironmentRecord {
    requireNonNull(name, "name is null");
    requireNonNull(source, "source is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(lastActivity, "lastActivity is null");
    freshTokens = freshTokens == null ? List.of() : List.copyOf(freshTokens);
  }

  /** One that was just made. */
  public static EnvironmentRecord of(
      String name, String source, String target, Instant now, @Nullable String owner) {
    return new EnvironmentRecord(
        name, source, target, now, now, owner, null, false, null, List.of(), 0, null, null);
  }

  /**
   * True if the settings, edited since, name another source than the data came from: whoever
   * connects was authenticated against roles that are not those of the data.
   *
   * @param configured source of the policy that covers the name
   */
  public boolean hasDataOfOtherThan(String configured) {
    return target != null && !source.equals(configured);
  }

  /** Something of it was; it cannot be made anew. */
  boolean isSetByHand() {
    return guarded || keptUntil != null || label != null;
  }

  public EnvironmentRecord lastActiveAt(Instant time) {
    return changed(draft -> draft.lastActivity = time);
  }

  /** With other data of a source. */
  public EnvironmentRecord pointingAt(String origin, String clone) {
    return changed(draft -> {
      draft.source = origin;
      draft.target = clone;
      draft.skippedRefreshes = 0;
      draft.hadBackAt = null;
    });
  }

  public EnvironmentRecord withoutClone() {
    return changed(draft -> draft.target = null);
  }

  public EnvironmentRecord named(String other) {
    return changed(draft -> draft.name = other);
  }

  public EnvironmentRecord labelled(@Nullable String text) {
    return changed(draft -> draft.label = text);
  }

  public EnvironmentRecord guarded(boolean on) {
    return changed(draft -> draft.guarded = on);
  }

  public EnvironmentRecord keptUntil(Instant time) {
    return changed(draft -> draft.keptUntil = time);
  }

  public EnvironmentRecord hadBackAt(Instant time) {
    return changed(draft -> draft.hadBackAt = time);
  }

  public boolean isFreshFor(String token) {
    return freshTokens.contains(token);
  }

  public EnvironmentRecord freshFor(String token) {
    List<String> tokens = new ArrayList<>(freshTokens);
    tokens.add(token);
    int forgotten = Math.max(0, tokens.size() - MOST_TOKENS);
    return changed(draft -> draft.freshTokens = tokens.subList(forgotten, tokens.size()));
  }

  public EnvironmentRecord skippedRefresh() {
    return changed(draft -> draft.skippedRefreshes++);
  }

  public EnvironmentRecord warnedAt(Instant time) {
    return changed(draft -> draft.warnedAt = time);
  }

  private EnvironmentRecord changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.record();
  }

  /** What a change begins with, and writes to. */
  private static final class Draft {
    private final Instant createdAt;
    private final @Nullable String owner;
    private String name;
    private String source;
    private @Nullable String target;
    private Instant lastActivity;
    private @Nullable String label;
    private boolean guarded;
    private @Nullable Instant keptUntil;
    private List<String> freshTokens;
    private int skippedRefreshes;
    private @Nullable Instant warnedAt;
    private @Nullable Instant hadBackAt;

    Draft(EnvironmentRecord of) {
      createdAt = of.createdAt;
      owner = of.owner;
      name = of.name;
      source = of.source;
      target = of.target;
      lastActivity = of.lastActivity;
      label = of.label;
      guarded = of.guarded;
      keptUntil = of.keptUntil;
      freshTokens = of.freshTokens;
      skippedRefreshes = of.skippedRefreshes;
      warnedAt = of.warnedAt;
      hadBackAt = of.hadBackAt;
    }

    EnvironmentRecord record() {
      return new EnvironmentRecord(
          name,
          source,
          target,
          createdAt,
          lastActivity,
          owner,
          label,
          guarded,
          keptUntil,
          freshTokens,
          skippedRefreshes,
          warnedAt,
          hadBackAt);
    }
  }
}
