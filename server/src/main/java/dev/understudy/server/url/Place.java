package dev.understudy.server.url;

/** Where in a connection the environment is named. */
enum Place {
  /** {@code DATABASE@NAME}, or NAME alone where the settings name no database. */
  DATABASE,
  /** {@code USER@NAME}, for who changes the database: it stays when that changes. */
  USER,
  /** {@code -c understudy.environment=NAME}, for who believes that the database is called so. */
  OPTIONS,
  /** {@code NAME.DOMAIN}, for who can be told nothing else. */
  HOST
}
