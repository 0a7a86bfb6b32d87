"""asyncpg against an environment; see ../README.md for the variables."""

import asyncio
import io
import socket
import ssl

import asyncpg
from walk import DATABASE, ENVIRONMENT, FORMS, HOST, LINES, LOGIN, NAP, PASSWORD, PORT, REFUSALS, ROOT_CERTIFICATE
from walk import SQLSTATES, URLS, walk

# Stands in for a name service.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: resolve(HOST if ENVIRONMENT in host else host, *more, **named)

loop = asyncio.new_event_loop()
sleepers = []


async def connect(**form):
    tls = ssl.create_default_context(cafile=ROOT_CERTIFICATE) if ROOT_CERTIFICATE else False
    parameters = dict(host=HOST, port=PORT, user=LOGIN, password=PASSWORD, database=f"{DATABASE}@{ENVIRONMENT}", ssl=tls)
    if "dbname" in form:
        form["database"] = form.pop("dbname")
    return await asyncpg.connect(timeout=60, **{**parameters, **form})


async def lie_down():
    connection = await connect(database=f"{DATABASE}@{NAP}")
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    sleepers.append(connection)


async def every_form_of_name():
    forms = [form for form in FORMS if "options" not in form]
    # What libpq calls options are startup parameters of their own here.
    forms.append({"server_settings": {"understudy.environment": ENVIRONMENT}})
    forms.append({"server_settings": {"options": f"-c understudy.environment={ENVIRONMENT}"}})
    for form in forms:
        connection = await connect(**({} if "dbname" in form else {"database": DATABASE}) | form)
        assert await connection.fetchval("SHOW understudy.environment") == ENVIRONMENT, form
        assert await connection.fetchval("SELECT current_database()") == DATABASE, form
        await connection.close()


async def the_printed_forms():
    for url in URLS:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SHOW understudy.environment") == ENVIRONMENT, url
        await connection.close()


async def migration():
    connection = await connect()
    async with connection.transaction():
        await connection.execute(
            "CREATE TABLE python_walk (id int PRIMARY KEY, note text);"
            "ALTER TABLE customer ADD COLUMN python_note int REFERENCES python_walk;"
            "CREATE INDEX ON customer (python_note)"
        )
    await connection.close()


async def prepared_statements():
    connection = await connect()
    statement = await connection.prepare("SELECT $1::int * 2")
    assert [await statement.fetchval(n) for n in range(10)] == [2 * n for n in range(10)]
    await connection.executemany("INSERT INTO python_walk VALUES ($1, $2)", [(-n, "x") for n in range(1, 100)])
    assert await connection.execute("DELETE FROM python_walk") == "DELETE 99"
    await connection.close()


async def copy_both_ways():
    connection = await connect()
    await connection.copy_to_table("python_walk", source=io.BytesIO(LINES.encode()))
    out = io.BytesIO()
    await connection.copy_from_query("SELECT * FROM python_walk ORDER BY id", output=out)
    assert out.getvalue().decode() == LINES
    await connection.close()


async def sqlstates():
    connection = await connect()
    for statement, expected in SQLSTATES.items():
        try:
            await connection.fetch(statement)
            raise AssertionError(f"no error: {statement}")
        except asyncpg.PostgresError as error:
            assert error.sqlstate == expected, (statement, error.sqlstate)
    await connection.close()


async def cancel():
    connection, watcher = await connect(), await connect()
    # Not the driver's own get_server_pid(): that belongs to the key to cancel by, which is the proxy's.
    pid = await connection.fetchval("SELECT pg_backend_pid()")
    state = "SELECT state FROM pg_stat_activity WHERE pid = $1"
    sleep = loop.create_task(connection.execute("SELECT pg_sleep(600)"))
    while await watcher.fetchval(state, pid) != "active":
        await asyncio.sleep(0.01)
    # The driver sends a CancelRequest, and waits for what comes of it.
    sleep.cancel()
    try:
        await sleep
        raise AssertionError("not cancelled")
    except asyncio.CancelledError:
        pass
    assert await connection.fetchval("SELECT 1") == 1
    assert await watcher.fetchval(state, pid) == "idle"
    await connection.close()
    await watcher.close()


async def big_result():
    connection = await connect()
    rows = await connection.fetch("SELECT n, repeat('x', 30) FROM generate_series(1, 500000) n")
    assert len(rows) == 500_000
    await connection.close()


async def refusals():
    for form, words in REFUSALS:
        try:
            await connect(**form)
            raise AssertionError(f"connected: {form}")
        except asyncpg.PostgresError as error:
            assert words in str(error), (form, str(error))


async def wake():
    for _ in range(20):
        try:
            await sleepers[0].fetchval("SELECT 1")
        except asyncpg.ConnectionDoesNotExistError:
            # Whatever ended the session, and a 57P01 is no exception.
            break
        await asyncio.sleep(4)
    else:
        raise AssertionError(f"{NAP} does not sleep")
    connection = await connect(database=f"{DATABASE}@{NAP}")
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.close()


def blocking(step):
    def run():
        loop.run_until_complete(step())

    run.__name__ = step.__name__
    return run


walk(
    *map(
        blocking,
        [
            lie_down,
            every_form_of_name,
            the_printed_forms,
            migration,
            prepared_statements,
            copy_both_ways,
            sqlstates,
            cancel,
            big_result,
            refusals,
            wake,
        ],
    )
)
