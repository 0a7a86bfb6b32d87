"""What the walks of Python share; see ../README.md for the variables."""

import os
import sys
import threading
import time

HOST, PORT = os.environ["HOST"], int(os.environ["PORT"])
LOGIN, PASSWORD = os.environ["LOGIN"], os.environ["PASSWORD"]
DATABASE, ENVIRONMENT, NAP = os.environ["DATABASE"], os.environ["ENVIRONMENT"], os.environ["NAP"]
URL = os.environ["URL"]
# As printed, too, with the environment named by the host alone, which needs TLS.
URLS = [URL, os.environ["URL_BY_HOST"]] if "URL_BY_HOST" in os.environ else [URL]
ROOT_CERTIFICATE = os.environ.get("ROOT_CERTIFICATE")

# As libpq names it.
TLS = {"sslmode": "verify-full", "sslrootcert": ROOT_CERTIFICATE} if ROOT_CERTIFICATE else {"sslmode": "disable"}

# A URL has no password: libpq, and who follows it, takes that from here.
os.environ["PGPASSWORD"] = PASSWORD

LINES = "".join(f"{n}\tnote {n}\n" for n in range(10_000))

# For the parameters that all of Python's libraries for PostgreSQL call the same.
FORMS = [
    {"dbname": f"{DATABASE}@{ENVIRONMENT}"},
    {"dbname": f"{DATABASE}%40{ENVIRONMENT}"},
    {"dbname": ENVIRONMENT},
    {"user": f"{LOGIN}@{ENVIRONMENT}"},
    {"options": f"-c understudy.environment={ENVIRONMENT}"},
]

SQLSTATES = {
    "SELECT * FROM no_such_table": "42P01",
    "INSERT INTO python_walk VALUES (1)": "23505",
    "SELECT 1 / 0": "22012",
}

# What is refused, and a word of what is said about it.
REFUSALS = [
    ({"password": "wrong"}, "password authentication failed for user"),
    ({"user": "nobody-of-that-name"}, "password authentication failed for user"),
    ({"dbname": f"{DATABASE}@no such name"}, "invalid environment name"),
    ({"dbname": DATABASE}, "no environment is named"),
]


def is_end_of_sleeper(failure):
    """What PQexec leaves of any 57P01: its last word is that the connection was closed."""
    words = ("server closed the connection unexpectedly", "SSL connection has been closed unexpectedly")
    return getattr(failure, "pgcode", None) == "57P01" or any(some in str(failure) for some in words)


def once(is_so, act):
    """Acts as soon as something is so, while the caller waits for what comes of it; the thread that does."""

    def run():
        while not is_so():
            pass
        act()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until_it_sleeps(attempt):
    """Sends what is no use of the environment until that fails, as it sleeps; the failure."""
    for _ in range(240):
        try:
            attempt()
        except Exception as failure:
            return failure
        time.sleep(0.25)
    raise AssertionError(f"{NAP} does not sleep")


def walk(*steps):
    for step in steps:
        try:
            step()
        except Exception as failure:
            print(f"FAILED: {step.__name__}: {failure!r}")
            sys.exit(1)
        print(f"ok {step.__name__}", flush=True)
