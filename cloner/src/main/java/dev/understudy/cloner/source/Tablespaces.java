package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Production's tablespaces, as they lie on disk: links in {@code pg_tblspc} by which the server
 * gets to their locations. Of a location only one directory is this server's; beside it others may
 * keep theirs. Later links on the way to it are the administrators' own and are followed, none from
 * there on.
 */
final class Tablespaces {
  static final String DIRECTORY = "pg_tblspc";

  private static final Pattern OID = Pattern.compile("[0-9]+");

  private final Path links;
  private final String version;
  private final List<String> oids = new ArrayList<>();
  private final Set<Identity> directories = new HashSet<>();

  private record Identity(long device, long inode) {}

  private Tablespaces(Path links, String version) {
    this.links = links;
    this.version = version;
  }

  /**
   * Those that there are now.
   *
   * @throws SourceException if the server has one and its files are not there, as those of a disk
   *     that is not mounted
   */
  static Tablespaces read(SourceDirectory source) throws IOException, SourceException {
    requireNonNull(source, "source is null");
    Tablespaces tablespaces =
        new Tablespaces(
            source.path().resolve(DIRECTORY),
            "PG_%d_%d".formatted(source.major(), source.control().catalogVersion()));
    try (Directory directory = Directory.open(tablespaces.links);
        DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        if (OID.matcher(name).matches()) {
          tablespaces.add(name);
        }
      }
    }
    return tablespaces;
  }

  private void add(String oid) throws IOException, SourceException {
    try (Directory opened = open(oid)) {
      if (opened != null) {
        FileStatus status = opened.status();
        oids.add(oid);
        directories.add(new Identity(status.device(), status.inode()));
      }
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.ENOENT) {
        throw e;
      }
      throw new SourceException(
          Kind.DIRECTORY,
          "a tablespace of production's is not where its server looks for it",
          "There is no %s in %s.".formatted(version, location(oid)),
          "Mount what should be there, or drop the tablespace.",
          e);
    }
  }

  private Path location(String oid) throws IOException {
    Path link = links.resolve(oid);
    return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : link;
  }

  boolean isEmpty() {
    return oids.isEmpty();
  }

  List<String> oids() {
    return List.copyOf(oids);
  }

  /** Name of a tablespace's one directory that is this server's, the same for all of them. */
  String version() {
    return version;
  }

  /**
   * That directory, wherever it is, or null where the tablespace was dropped meanwhile.
   *
   * @throws SystemCallException ENOENT if it is not there, and the tablespace is
   */
  @Nullable Directory open(String oid) throws SystemCallException {
    try {
      return Directory.open(links.resolve(oid).resolve(version));
    } catch (SystemCallException e) {
      if (e.errno() == SystemCallException.ENOENT
          && !Files.exists(links.resolve(oid), LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Whether this is the directory of a tablespace, met on another way: PostgreSQL only warns of a
   * location inside the data directory.
   */
  boolean isOne(FileStatus directory) {
    return directories.contains(new Identity(directory.device(), directory.inode()));
  }
}
