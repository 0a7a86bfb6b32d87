package dev.understudy.cloner.standby;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Production's tablespaces, which lie outside its data directory and inside ours: what is a link
 * there is a directory here, so that a copy of our tree is a copy of everything.
 *
 * @param locations on production's host, by oid
 */
record Tablespaces(Map<Long, String> locations) {
  /** In the tree, while pg_basebackup still makes links; beside nothing that PostgreSQL knows. */
  private static final String STAGING = "understudy_tblspc";

  Tablespaces {
    locations = Map.copyOf(locations);
  }

  static Tablespaces read(Connection production) throws SQLException {
    Map<Long, String> locations = new TreeMap<>();
    try (Statement statement = production.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT oid, pg_tablespace_location(oid) FROM pg_tablespace"
                    + " WHERE spcname NOT IN ('pg_default', 'pg_global')")) {
      while (rows.next()) {
        // Those that lie in place on production, too, come without us.
        if (rows.getString(2).startsWith("/")) {
          locations.put(rows.getLong(1), rows.getString(2));
        }
      }
    }
    return new Tablespaces(locations);
  }

  /**
   * Options of pg_basebackup that put each into the tree.
   *
   * @param data the tree as pg_basebackup sees it
   */
  List<String> mapping(Path data) {
    List<String> options = new ArrayList<>();
    locations.forEach((oid, location) -> {
      options.add("-T");
      options.add(
          escape(location)
              + "="
              + escape(data.resolve(STAGING).resolve(oid.toString()).toString()));
    });
    return options;
  }

  private static String escape(String path) {
    return path.replace("=", "\\=");
  }

  /**
   * Puts the directories where the links are.
   *
   * @param data the tree
   * @throws IOException also if there is a link that is not known
   */
  void takeIn(Path data) throws IOException {
    Path links = data.resolve("pg_tblspc");
    Path staging = data.resolve(STAGING);
    for (Long oid : locations.keySet()) {
      Path link = links.resolve(oid.toString());
      if (!Files.isSymbolicLink(link)
          || !Files.isDirectory(staging.resolve(oid.toString()), LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("tablespace %d was dropped meanwhile".formatted(oid));
      }
      Files.delete(link);
      Files.move(staging.resolve(oid.toString()), link);
    }
    Files.deleteIfExists(staging);
    requireNoLinks(data);
  }

  /** A server started on a tree with such a link would write where others do. */
  static void requireNoLinks(Path data) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(data.resolve("pg_tblspc"))) {
      for (Path entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "pg_tblspc/%s leads out of the data directory".formatted(entry.getFileName()));
        }
      }
    }
  }
}
