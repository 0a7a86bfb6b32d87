"""psycopg2 against an environment; see ../README.md for the variables."""

import io
import os
import sys
import threading

import psycopg2
import psycopg2.errorcodes

HOST, PORT = os.environ["HOST"], os.environ["PORT"]
LOGIN, PASSWORD = os.environ["LOGIN"], os.environ["PASSWORD"]
DATABASE, ENVIRONMENT = os.environ["DATABASE"], os.environ["ENVIRONMENT"]


def connect(dbname=f"{DATABASE}@{ENVIRONMENT}", user=LOGIN, password=PASSWORD, **more):
    return psycopg2.connect(
        host=HOST, port=PORT, dbname=dbname, user=user, password=password, connect_timeout=60, **more
    )


def ask(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def every_form_of_name():
    forms = [
        dict(),
        dict(dbname=f"{DATABASE}%40{ENVIRONMENT}"),
        dict(dbname=DATABASE, user=f"{LOGIN}@{ENVIRONMENT}"),
        dict(dbname=DATABASE, options=f"-c understudy.environment={ENVIRONMENT}"),
    ]
    for form in forms:
        connection = connect(**form)
        assert ask(connection, "SHOW understudy.environment") == ENVIRONMENT, form
        connection.close()


def ddl_and_transactions():
    connection = connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE python_walk (id int PRIMARY KEY, note text)")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO python_walk VALUES (-1, 'rolled back')")
        connection.rollback()
    assert ask(connection, "SELECT count(*) FROM python_walk") == 0
    connection.close()


def copy_both_ways():
    connection = connect()
    lines = "".join(f"{n}\tnote {n}\n" for n in range(10_000))
    with connection, connection.cursor() as cursor:
        cursor.copy_expert("COPY python_walk FROM STDIN", io.StringIO(lines))
        out = io.StringIO()
        cursor.copy_expert("COPY (SELECT * FROM python_walk ORDER BY id) TO STDOUT", out)
    assert out.getvalue() == lines
    connection.close()


def sqlstates():
    connection = connect()
    connection.autocommit = True
    for statement, expected in [
        ("SELECT * FROM no_such_table", "42P01"),
        ("INSERT INTO python_walk VALUES (1)", "23505"),
        ("SELECT 1 / 0", "22012"),
    ]:
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

    def cancel_once_it_runs():
        running = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND query LIKE '%pg_sleep%'"
        while ask(watcher, running) == 0:
            pass
        connection.cancel()

    thread = threading.Thread(target=cancel_once_it_runs)
    thread.start()
    try:
        ask(connection, "SELECT pg_sleep(600)")
        raise AssertionError("not cancelled")
    except psycopg2.Error as error:
        assert error.pgcode == psycopg2.errorcodes.QUERY_CANCELED, error.pgcode
    thread.join()
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
    for arguments, words in [
        (dict(password="wrong"), "password authentication failed for user"),
        (dict(user="nobody-of-that-name"), "password authentication failed for user"),
        (dict(dbname=f"{DATABASE}@no such name"), "HINT"),
        (dict(dbname=DATABASE), "HINT"),
    ]:
        try:
            connect(**arguments)
            raise AssertionError(f"connected: {arguments}")
        except psycopg2.OperationalError as error:
            assert words in str(error), (arguments, str(error))


for step in (every_form_of_name, ddl_and_transactions, copy_both_ways, sqlstates, cancel, database_of_its_own, big_result, refusals):
    try:
        step()
    except Exception as failure:
        print(f"FAILED: {step.__name__}: {failure!r}")
        sys.exit(1)
    print(f"ok {step.__name__}")
