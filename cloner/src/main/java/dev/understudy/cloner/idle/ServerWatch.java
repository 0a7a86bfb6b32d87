package dev.understudy.cloner.idle;

import java.nio.file.Path;
import java.sql.SQLException;

/** Asks a server what it is doing. Blocks, bounded in time. */
@FunctionalInterface
public interface ServerWatch {
  ServerWork look(Path socket, String superuser) throws SQLException;
}
