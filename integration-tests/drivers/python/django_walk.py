"""Django with its test runner against an environment; see ../README.md for the variables."""

import os
import subprocess
import sys

from walk import DATABASE, ENVIRONMENT, HOST, NAP, PORT, URL, URLS, walk

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "django_project")


def django(*arguments, **variables):
    process = subprocess.run(
        [sys.executable, "-B", "-m", "django", *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": PROJECT, "DJANGO_SETTINGS_MODULE": "settings", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.returncode == 0, process.stdout
    return process.stdout


def shell(program, **variables):
    return django("shell", "-c", program, **variables)


def recipe():
    """What docs/recipes tells people to write, with this host in the place of theirs."""
    page = os.path.join(PROJECT, "../../../../docs/recipes/django.md")
    with open(page, encoding="utf-8") as text:
        block = text.read().split("```python\n")[1].split("```")[0]
    for theirs, ours in (("db.example.com", HOST), ("6432", str(PORT)), ('"shop"', f'"{DATABASE}"')):
        assert theirs in block, block
        block = block.replace(theirs, ours)
    return block


def every_form_of_name():
    program = """
from django.db import connection
cursor = connection.cursor()
cursor.execute('SHOW understudy.environment')
print(cursor.fetchone())
"""
    for url in [*URLS, recipe()]:
        assert ENVIRONMENT in shell(program, URL=url), url
    for place in ("database", "options"):
        assert ENVIRONMENT in shell(program, NAMED_IN=place), place


def migration():
    django("migrate")
    django("migrate", "shop", "zero")
    django("migrate")
    assert "No changes detected" in django("makemigrations", "--check", "--dry-run")


def test_runner():
    assert "OK" in django("test", "--noinput")
    # Again, and what is left of a run that was killed does no harm.
    assert "OK" in django("test", "--noinput", "--keepdb")
    assert "OK" in django("test", "--noinput")


def prepared_statements():
    program = """
from django.db import connection
cursor = connection.cursor()
cursor.execute('PREPARE twice (int) AS SELECT $1 * 2')
for n in range(10):
    cursor.execute('EXECUTE twice (%s)', [n])
    assert cursor.fetchone() == (2 * n,)
print('prepared')
"""
    assert "prepared" in shell(program)


def copy_both_ways():
    program = """
import io
import sys
from django.db import connection
sys.path.append("..")
from walk import LINES
out = io.StringIO()
cursor = connection.cursor()
cursor.execute('CREATE TABLE copied (id int, note text)')
# Methods of psycopg2's cursor are its own as well.
cursor.copy_expert('COPY copied FROM STDIN', io.StringIO(LINES))
cursor.copy_expert('COPY (SELECT * FROM copied ORDER BY id) TO STDOUT', out)
print('same', out.getvalue() == LINES)
"""
    assert "same True" in shell(program)


def cancel():
    program = """
import sys
from django.db import OperationalError, connection
sys.path.append("..")
from walk import once
cursor = connection.cursor()
cursor.execute('SELECT pg_backend_pid()')
pid, = cursor.fetchone()
watchers = []
def is_running():
    # A thread needs a connection of its own.
    if not watchers:
        watchers.append(connection.copy())
    with watchers[0].cursor() as watching:
        watching.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND query LIKE '%%pg_sleep%%'", [pid])
        return watching.fetchone() == (1,)
canceller = once(is_running, connection.connection.cancel)
try:
    cursor.execute('SELECT pg_sleep(600)')
except OperationalError as error:
    print('cancelled', error.__cause__.pgcode)
canceller.join()
cursor.execute('SELECT 1')
print('goes on', cursor.fetchone())
"""
    printed = shell(program)
    assert "cancelled 57014" in printed and "goes on (1,)" in printed, printed


def big_result():
    program = """
from django.db import connection
cursor = connection.cursor()
cursor.execute("SELECT n, repeat('x', 30) FROM generate_series(1, 200000) n")
print(len(cursor.fetchall()))
"""
    assert "200000" in shell(program)


def wake():
    program = """
import sys
import time
from django.db import OperationalError, connection
sys.path.append("..")
from walk import is_end_of_sleeper
def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()
with connection.cursor() as cursor:
    cursor.execute('CREATE TABLE kept AS SELECT 7 AS n')
for attempt in range(20):
    time.sleep(4)
    try:
        ask('SELECT 1')
    except OperationalError as error:
        print('slept', is_end_of_sleeper(error.__cause__))
        break
# What Django does between two requests.
connection.close_if_unusable_or_obsolete()
print('kept', ask('SELECT n FROM kept'))
"""
    printed = shell(program, URL=URL.replace(ENVIRONMENT, NAP))
    assert "slept True" in printed and "kept (7,)" in printed, printed


walk(every_form_of_name, migration, test_runner, prepared_statements, copy_both_ways, cancel, big_result, wake)
