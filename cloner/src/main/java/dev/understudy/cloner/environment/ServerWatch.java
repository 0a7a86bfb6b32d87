package dev.understudy.cloner.environment;

import java.nio.file.Path;
import java.sql.SQLException;

/** Asks a server what it is doing. Blocks, bounded in time. */
@FunctionalInterface
interface ServerWatch {
  ServerWork look(Path socket, String superuser) throws SQLException;
}
