package dev.understudy.cloner.snapshot;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sealed data directory, as its {@code snapshot.json} (0600) describes it.
 *
 * @param id also the name of its directory
 * @param directory holds {@code snapshot.json} and the tree {@code data}; not part of the file
 * @param dataTime the moment of production that it shows
 * @param version of PostgreSQL, as {@code server_version_num}
 * @param superuser name of the bootstrap superuser (oid 10), or of the oldest other superuser where
 *     that one may not log in
 * @param sizeBytes apparent size of all files
 * @param files how many
 * @param settings production's settings that clones carry
 * @param findings what of production's is not as it was, and the like
 * @param position how far production had written when the copy began; equal for two snapshots only
 *     if nothing was written between them; null where that is not known
 * @param mask digest of the rules by which it was masked; null if it was not
 * @param replacementKey by which its roles' passwords are told from such as were set in a clone, as
 *     {@link ReplacementKey} has it; null where an earlier version replaced them
 */
public record Snapshot(
    String id,
    Path directory,
    String source,
    Instant dataTime,
    Instant createdAt,
    int version,
    String superuser,
    long sizeBytes,
    long files,
    List<Database> databases,
    List<Role> roles,
    Map<String, String> settings,
    List<Finding> findings,
    @Nullable String position,
    @Nullable String mask,
    @Nullable String replacementKey) {

  public Snapshot {
    databases = List.copyOf(databases);
    roles = List.copyOf(roles);
    settings = Map.copyOf(settings);
    findings = List.copyOf(findings);
  }

  /** The tree that clones are copied from. */
  public Path data() {
    return directory.resolve("data");
  }

  public int major() {
    return version / 10_000;
  }

  /** A database of the snapshot. */
  public record Database(String name, String owner, boolean allowsConnections, boolean template) {}

  /**
   * A role as production had it. In the sealed data its password is replaced.
   *
   * @param verifier {@code pg_authid.rolpassword}; secret
   * @param validUntil null: for ever
   */
  public record Role(
      String name,
      boolean superuser,
      boolean canLogin,
      @Nullable String verifier,
      @Nullable Instant validUntil) {
    @Override
    public String toString() {
      return "Role[" + name + "]";
    }
  }
}
