"""psycopg 3 against an environment; see ../README.md for the variables."""

import psycopg
from walk import DATABASE, ENVIRONMENT, FORMS, HOST, LINES, LOGIN, NAP, PASSWORD, PORT, REFUSALS, SQLSTATES, TLS, URLS
from walk import once, until_it_sleeps, walk

sleepers = []


def connect(**form):
    parameters = dict(host=HOST, port=PORT, dbname=f"{DATABASE}@{ENVIRONMENT}", user=LOGIN, password=PASSWORD, **TLS)
    return psycopg.connect(connect_timeout=60, **{"autocommit": True, **parameters, **form})


def ask(connection, statement, *values):
    return connection.execute(statement, values or None).fetchone()[0]


def lie_down():
    connection = connect(dbname=f"{DATABASE}@{NAP}")
    connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    sleepers.append(connection)


def every_form_of_name():
    for form in FORMS:
        with connect(**({} if "dbname" in form else {"dbname": DATABASE}) | form) as connection:
            assert ask(connection, "SHOW understudy.environment") == ENVIRONMENT, form
            assert ask(connection, "SELECT current_database()") == DATABASE, form


def the_printed_forms():
    for url in URLS:
        with psycopg.connect(url) as connection:
            assert ask(connection, "SHOW understudy.environment") == ENVIRONMENT, url


def migration():
    with connect() as connection:
        with connection.transaction():
            connection.execute("CREATE TABLE python_walk (id int PRIMARY KEY, note text)")
            connection.execute("ALTER TABLE customer ADD COLUMN python_note int REFERENCES python_walk")
            connection.execute("CREATE INDEX ON customer (python_note)")
        with connection.transaction(force_rollback=True):
            connection.execute("INSERT INTO python_walk VALUES (-1, 'rolled back')")
        assert ask(connection, "SELECT count(*) FROM python_walk") == 0


def prepared_statements():
    with connect() as connection:
        # From the sixth on the driver prepares by itself.
        for n in range(10):
            assert ask(connection, "SELECT %s::int * 2", n) == 2 * n
        assert ask(connection, "SELECT count(*) FROM pg_prepared_statements") == 1


def pipeline():
    with connect() as connection, connection.pipeline(), connection.cursor() as cursor:
        cursor.executemany("SELECT %s::int * 2", [(n,) for n in range(5_000)], returning=True)
        for n in range(5_000):
            assert cursor.fetchone() == (2 * n,)
            cursor.nextset()


def copy_both_ways():
    with connect() as connection, connection.cursor() as cursor:
        with cursor.copy("COPY python_walk FROM STDIN") as copy:
            copy.write(LINES)
        with cursor.copy("COPY (SELECT * FROM python_walk ORDER BY id) TO STDOUT") as copy:
            assert b"".join(copy).decode() == LINES


def sqlstates():
    with connect() as connection:
        for statement, expected in SQLSTATES.items():
            try:
                ask(connection, statement)
                raise AssertionError(f"no error: {statement}")
            except psycopg.Error as error:
                assert error.sqlstate == expected, (statement, error.sqlstate)


def cancel():
    with connect() as connection, connect() as watcher:
        # Not the driver's own backend_pid: that belongs to the key to cancel by, which is the proxy's.
        pid = ask(connection, "SELECT pg_backend_pid()")
        running = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND query LIKE '%%pg_sleep%%'"
        canceller = once(lambda: ask(watcher, running, pid) == 1, connection.cancel)
        try:
            connection.execute("SELECT pg_sleep(600)")
            raise AssertionError("not cancelled")
        except psycopg.errors.QueryCanceled:
            pass
        canceller.join()
        assert ask(connection, "SELECT 1") == 1


def big_result():
    with connect(autocommit=False) as connection, connection.cursor("big") as cursor:
        cursor.itersize = 50_000
        cursor.execute("SELECT n, repeat('x', 30) FROM generate_series(1, 200000) n")
        assert sum(1 for _ in cursor) == 200_000


def refusals():
    for form, words in REFUSALS:
        try:
            connect(**form)
            raise AssertionError(f"connected: {form}")
        except psycopg.OperationalError as error:
            assert words in str(error), (form, str(error))


def wake():
    # As psycopg's pool asks whether a connection lives; from the sixth time on it is a prepared statement.
    failure = until_it_sleeps(lambda: sleepers[0].execute(""))
    # There is no result, and so no SQLSTATE, but the text of 57P01.
    assert "terminating connection due to administrator command" in str(failure), repr(failure)
    with connect(dbname=f"{DATABASE}@{NAP}") as connection:
        assert ask(connection, "SELECT n FROM kept") == 7


walk(
    lie_down,
    every_form_of_name,
    the_printed_forms,
    migration,
    prepared_statements,
    pipeline,
    copy_both_ways,
    sqlstates,
    cancel,
    big_result,
    refusals,
    wake,
)
