"""Django with its test runner against an environment; see ../README.md for the variables."""

import os
import subprocess
import sys

from walk import ENVIRONMENT, NAP, URL, walk

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


def every_form_of_name():
    program = """
from django.db import connection
cursor = connection.cursor()
cursor.execute('SHOW understudy.environment')
print(cursor.fetchone())
"""
    assert ENVIRONMENT in shell(program)
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


walk(every_form_of_name, migration, test_runner, big_result, wake)
