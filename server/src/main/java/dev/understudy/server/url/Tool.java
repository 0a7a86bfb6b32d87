package dev.understudy.server.url;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.CommandException;
import java.util.Locale;

/**
 * What connects, with the place where it names an environment best; docs/drivers.md has the reasons
 * for each.
 */
public enum Tool {
  /** For whatever has no name here: the form that most take. */
  URL(Place.DATABASE, Syntax.URI),
  PSQL(Place.DATABASE, Syntax.PSQL),
  LIBPQ(Place.DATABASE, Syntax.URI),
  PSYCOPG(Place.DATABASE, Syntax.URI),
  ASYNCPG(Place.DATABASE, Syntax.URI),
  SQLALCHEMY(Place.DATABASE, Syntax.SQLALCHEMY),
  ALEMBIC(Place.DATABASE, Syntax.SQLALCHEMY),
  /** Its test runner makes a database beside the one of the settings. */
  DJANGO(Place.USER, Syntax.DJANGO),
  RUBY(Place.DATABASE, Syntax.URI),
  /** {@code db:create} and {@code db:test:prepare} make databases. */
  RAILS(Place.USER, Syntax.URI),
  PERL(Place.DATABASE, Syntax.PERL),
  PHP(Place.DATABASE, Syntax.PHP),
  NODE(Place.DATABASE, Syntax.NODE),
  KNEX(Place.DATABASE, Syntax.NODE),
  POSTGRES_JS(Place.DATABASE, Syntax.POSTGRES_JS),
  /** {@code migrate dev} makes a shadow database. */
  PRISMA(Place.USER, Syntax.NODE),
  /** Metadata is asked for by the name of the database that the URL has. */
  JDBC(Place.OPTIONS, Syntax.JDBC),
  FLYWAY(Place.OPTIONS, Syntax.JDBC),
  LIQUIBASE(Place.OPTIONS, Syntax.JDBC),
  HIBERNATE(Place.OPTIONS, Syntax.JDBC),
  R2DBC(Place.DATABASE, Syntax.R2DBC),
  VERTX(Place.DATABASE, Syntax.VERTX);

  private final Place place;
  private final Syntax syntax;

  Tool(Place place, Syntax syntax) {
    this.place = requireNonNull(place, "place is null");
    this.syntax = requireNonNull(syntax, "syntax is null");
  }

  String write(Target target) throws CommandException {
    return write(target, place);
  }

  /** Wherever else than at its best place the environment is to be named. */
  String write(Target target, Place other) throws CommandException {
    return syntax.write(target.named(other));
  }

  /** As people write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
