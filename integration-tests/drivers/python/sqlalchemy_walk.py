"""SQLAlchemy and Alembic against an environment; see ../README.md for the variables."""

import io
import os
import time

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.autogenerate import compare_metadata
from sqlalchemy.engine import URL as Url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from walk import DATABASE, ENVIRONMENT, HOST, LINES, LOGIN, NAP, PASSWORD, PORT, TLS, URL, URLS, is_end_of_sleeper, once, walk

Base = declarative_base()
sleepers = []


class Customer(Base):
    __tablename__ = "customer"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    name = sa.Column(sa.Text)


class Purchase(Base):
    __tablename__ = "purchase"
    id = sa.Column(sa.Integer, primary_key=True)
    customer_id = sa.Column(sa.ForeignKey("customer.id"), nullable=False)
    note = sa.Column(sa.Text, nullable=False)
    customer = relationship(Customer)
    __table_args__ = (sa.Index("purchase_customer", "customer_id"),)


def url(**form):
    parameters = dict(host=HOST, port=PORT, username=LOGIN, password=PASSWORD, database=f"{DATABASE}@{ENVIRONMENT}", query=TLS)
    return Url.create("postgresql+psycopg2", **{**parameters, **form})


def engine(**form):
    return sa.create_engine(url(**form))


def lie_down():
    for pre_ping in (False, True):
        pool = sa.create_engine(url(database=f"{DATABASE}@{NAP}"), pool_pre_ping=pre_ping)
        with pool.begin() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n"))
        sleepers.append(pool)


def every_form_of_name():
    forms = [
        engine(),
        engine(database=ENVIRONMENT),
        engine(database=DATABASE, username=f"{LOGIN}@{ENVIRONMENT}"),
        engine(database=DATABASE, query={**TLS, "options": f"-c understudy.environment={ENVIRONMENT}"}),
        *map(sa.create_engine, URLS),
        sa.create_engine(URL.replace(f"{DATABASE}%40{ENVIRONMENT}", DATABASE).replace(f"{LOGIN}@", f"{LOGIN}%40{ENVIRONMENT}@")),
    ]
    for form in forms:
        with form.connect() as connection:
            assert connection.execute(sa.text("SHOW understudy.environment")).scalar() == ENVIRONMENT, form
            assert connection.execute(sa.text("SELECT current_database()")).scalar() == DATABASE, form
        form.dispose()


def migration():
    config = Config()
    config.set_main_option("script_location", os.path.join(os.path.dirname(os.path.abspath(__file__)), "alembic"))
    # The file, which this stands for, is one of configparser's: a % is written twice.
    config.set_main_option("sqlalchemy.url", URL.replace("%", "%%"))
    config.attributes["target"] = Base.metadata
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    pool = engine()
    with pool.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    pool.dispose()


def orm():
    pool = sa.create_engine(URL)
    with sessionmaker(pool)() as session:
        session.add_all([Purchase(id=n, customer_id=n, note=f"note {n}") for n in range(101, 1001)])
        session.commit()
        found = session.query(Purchase).join(Customer).filter(Customer.name == "customer 500").one()
        assert found.note == "note 500"
    assert sa.inspect(pool).get_foreign_keys("purchase")[0]["referred_table"] == "customer"
    assert sa.inspect(pool).get_table_names() != []
    pool.dispose()


def prepared_statements():
    pool = engine()
    with pool.connect() as connection:
        # Neither it nor psycopg2 has any of its own.
        connection.execute(sa.text("PREPARE twice (int) AS SELECT $1 * 2"))
        answers = [connection.execute(sa.text(f"EXECUTE twice ({n})")).scalar() for n in range(10)]
        assert answers == [2 * n for n in range(10)], answers
    pool.dispose()


def copy_both_ways():
    """By the cursor of psycopg2, which it hands out."""
    pool = engine()
    connection = pool.raw_connection()
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE copied (id int, note text)")
        cursor.copy_expert("COPY copied FROM STDIN", io.StringIO(LINES))
        cursor.copy_expert("COPY (SELECT * FROM copied ORDER BY id) TO STDOUT", out)
    connection.commit()
    assert out.getvalue() == LINES
    connection.close()
    pool.dispose()


def cancel():
    """By the connection of psycopg2, which it hands out."""
    pool = engine()
    with pool.connect() as connection, pool.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        pid = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()
        running = sa.text(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND query LIKE '%pg_sleep%'")
        canceller = once(lambda: watcher.execute(running).scalar() == 1, connection.connection.dbapi_connection.cancel)
        try:
            connection.execute(sa.text("SELECT pg_sleep(600)"))
            raise AssertionError("not cancelled")
        except DBAPIError as error:
            assert error.orig.pgcode == "57014" and not error.connection_invalidated, repr(error)
        canceller.join()
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    pool.dispose()


def big_result():
    pool = engine()
    with pool.connect().execution_options(stream_results=True) as connection:
        rows = connection.execute(sa.text("SELECT n, repeat('x', 30) FROM generate_series(1, 200000) n"))
        assert sum(len(part) for part in rows.partitions(10_000)) == 200_000
    pool.dispose()


def sqlstates():
    pool = engine()
    for statement, expected in {"SELECT * FROM no_such_table": "42P01", "INSERT INTO purchase VALUES (1, 1, '')": "23505"}.items():
        try:
            with pool.begin() as connection:
                connection.execute(sa.text(statement))
            raise AssertionError(f"no error: {statement}")
        except DBAPIError as error:
            assert error.orig.pgcode == expected, (statement, error.orig.pgcode)
    pool.dispose()


def wake():
    parked, attentive = sleepers
    for _ in range(20):
        try:
            with parked.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
            time.sleep(4)
        except DBAPIError as error:
            assert is_end_of_sleeper(error.orig) and error.connection_invalidated, repr(error)
            break
    else:
        raise AssertionError(f"{NAP} does not sleep")
    for pool in (parked, attentive):
        with pool.connect() as connection:
            assert connection.execute(sa.text("SELECT n FROM kept")).scalar() == 7
        pool.dispose()


walk(
    lie_down,
    every_form_of_name,
    migration,
    orm,
    prepared_statements,
    copy_both_ways,
    cancel,
    big_result,
    sqlstates,
    wake,
)
