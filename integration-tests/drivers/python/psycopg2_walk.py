"""psycopg2 against an environment; see ../README.md for the variables."""

import io

import psycopg2
import psycopg2.errorcodes
from walk import DATABASE, ENVIRONMENT, FORMS, HOST, LINES, LOGIN, NAP, PASSWORD, PORT, REFUSALS, SQLSTATES, TLS, URLS
from walk import is_end_of_sleeper, once, until_it_sleeps, walk

sleepers = []


def connect(**form):
    parameters = dict(host=HOST, port=PORT, dbname=f"{DATABASE}@{ENVIRONMENT}", user=LOGIN, password=PASSWORD, **TLS)
    return psycopg2.connect(connect_timeout=60, **{**parameters, **form})


def ask(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def lie_down():
    connection = connect(dbname=f"{DATABASE}@{NAP}")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS n")
    sleepers.append(connection)


def every_form_of_name():
    for form in FORMS:
        connection = connect(**({} if "dbname" in form else {"dbname": DATABASE}) | form)
        assert ask(connection, "SHOW understudy.environment") == ENVIRONMENT, form
        assert ask(connection, "SELECT current_database()") == DATABASE, form
        connection.close()


def the_printed_forms():
    for url in URLS:
        connection = psycopg2.connect(url)
        assert ask(connection, "SHOW understudy.environment") == ENVIRONMENT, url
        connection.close()


def migration():
    connection = connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE python_walk (id int PRIMARY KEY, note text)")
        cursor.execute("ALTER TABLE customer ADD COLUMN python_note int REFERENCES python_walk")
        cursor.execute("CREATE INDEX ON customer (python_note)")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO python_walk VALUES (-1, 'rolled back')")
        connection.rollback()
    assert ask(connection, "SELECT count(*) FROM python_walk") == 0
    connection.close()


def prepared_statements():
    connection = connect()
    with connection.cursor() as cursor:
        # The driver has none of its own.
        cursor.execute("PREPARE twice (int) AS SELECT $1 * 2")
    assert [ask(connection, f"EXECUTE twice ({n})") for n in range(10)] == [2 * n for n in range(10)]
    connection.close()


def copy_both_ways():
    connection = connect()
    with connection, connection.cursor() as cursor:
        cursor.copy_expert("COPY python_walk FROM STDIN", io.StringIO(LINES))
        out = io.StringIO()
        cursor.copy_expert("COPY (SELECT * FROM python_walk ORDER BY id) TO STDOUT", out)
    assert out.getvalue() == LINES
    connection.close()


def sqlstates():
    connection = connect()
    connection.autocommit = True
    for statement, expected in SQLSTATES.items():
        try:
            ask(connection, statement)
            raise AssertionError(f"no error: {statement}")
        except psycopg2.Error as error:
            assert error.pgcode == expected, (statement, error.pgcode)
    connection.close()


def cancel():
    connection, watcher = connect(), connect()
    watcher.autocommit = True
    pid = ask(connection, "SELECT pg_backend_pid()")
    running = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND query LIKE '%pg_sleep%'"
    canceller = once(lambda: ask(watcher, running) == 1, connection.cancel)
    try:
        ask(connection, "SELECT pg_sleep(600)")
        raise AssertionError("not cancelled")
    except psycopg2.Error as error:
        assert error.pgcode == psycopg2.errorcodes.QUERY_CANCELED, error.pgcode
    canceller.join()
    connection.rollback()
    assert ask(connection, "SELECT 1") == 1
    connection.close()
    watcher.close()


def database_of_its_own():
    connection = connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE python_walk")
        inside = connect(dbname="python_walk", user=f"{LOGIN}@{ENVIRONMENT}")
        assert ask(inside, "SELECT current_database()") == "python_walk"
        inside.close()
        cursor.execute("DROP DATABASE python_walk")
    connection.close()


def big_result():
    connection = connect()
    with connection.cursor("big") as cursor:
        cursor.itersize = 50_000
        cursor.execute("SELECT n, repeat('x', 30) FROM generate_series(1, 500000) n")
        assert sum(1 for _ in cursor) == 500_000
    connection.close()


def refusals():
    for form, words in REFUSALS:
        try:
            connect(**form)
            raise AssertionError(f"connected: {form}")
        except psycopg2.OperationalError as error:
            assert words in str(error), (form, str(error))


def wake():
    failure = until_it_sleeps(lambda: ask(sleepers[0], "SELECT 1"))
    assert is_end_of_sleeper(failure), repr(failure)
    connection = connect(dbname=f"{DATABASE}@{NAP}")
    assert ask(connection, "SELECT n FROM kept") == 7
    connection.close()


walk(
    lie_down,
    every_form_of_name,
    the_printed_forms,
    migration,
    prepared_statements,
    copy_both_ways,
    sqlstates,
    cancel,
    database_of_its_own,
    big_result,
    refusals,
    wake,
)
