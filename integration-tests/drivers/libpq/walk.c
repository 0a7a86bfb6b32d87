/* libpq against an environment, with its pipeline mode; see ../README.md for the variables. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIPELINED 20000

static const char *step;

static void fail(const char *reason)
{
  printf("FAILED: %s: %s\n", step, reason);
  exit(1);
}

static void check(int holds, PGconn *connection)
{
  if (!holds)
    fail(PQerrorMessage(connection));
}

static const char *variable(const char *name)
{
  const char *value = getenv(name);
  if (value == NULL)
    fail(name);
  return value;
}

/* As user at environment, if there is one to name there. */
static PGconn *connect_as(const char *user_environment, const char *database, const char *options)
{
  char user[256];
  snprintf(user, sizeof user, "%s%s%s", variable("LOGIN"), user_environment ? "@" : "",
           user_environment ? user_environment : "");
  const char *keys[] = {"host", "port", "user", "dbname", "options", NULL};
  const char *values[] = {variable("HOST"), variable("PORT"), user, database, options, NULL};
  PGconn *connection = PQconnectdbParams(keys, values, 0);
  check(PQstatus(connection) == CONNECTION_OK, connection);
  return connection;
}

static PGconn *connect_to(const char *environment)
{
  char database[256];
  snprintf(database, sizeof database, "%s@%s", variable("DATABASE"), environment);
  return connect_as(NULL, database, NULL);
}

static void run(PGconn *connection, const char *statement)
{
  PGresult *result = PQexec(connection, statement);
  check(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK, connection);
  PQclear(result);
}

static void expect(PGconn *connection, const char *statement, const char *answer)
{
  PGresult *result = PQexec(connection, statement);
  check(PQresultStatus(result) == PGRES_TUPLES_OK, connection);
  if (strcmp(PQgetvalue(result, 0, 0), answer) != 0)
    fail(PQgetvalue(result, 0, 0));
  PQclear(result);
}

static void expect_sqlstate(PGresult *result, const char *sqlstate)
{
  const char *got = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (got == NULL || strcmp(got, sqlstate) != 0)
    fail(got ? got : "no SQLSTATE");
  PQclear(result);
}

static void expect_in_environment(PGconn *connection)
{
  expect(connection, "SHOW understudy.environment", variable("ENVIRONMENT"));
  expect(connection, "SELECT current_database()", variable("DATABASE"));
  PQfinish(connection);
}

static void every_form_of_name(void)
{
  const char *environment = variable("ENVIRONMENT");
  char options[256];
  char escaped[256];
  snprintf(options, sizeof options, "-c understudy.environment=%s", environment);
  snprintf(escaped, sizeof escaped, "%s%%40%s", variable("DATABASE"), environment);
  expect_in_environment(connect_to(environment));
  expect_in_environment(connect_as(NULL, escaped, NULL));
  expect_in_environment(connect_as(NULL, environment, NULL));
  expect_in_environment(connect_as(environment, variable("DATABASE"), NULL));
  expect_in_environment(connect_as(NULL, variable("DATABASE"), options));
  expect_in_environment(PQconnectdb(variable("URL")));
  if (getenv("URL_BY_HOST") != NULL)
    expect_in_environment(PQconnectdb(variable("URL_BY_HOST")));
}

static void migration(PGconn *connection)
{
  run(connection,
      "BEGIN;"
      "CREATE TABLE libpq_walk (id int PRIMARY KEY, note text);"
      "ALTER TABLE customer ADD COLUMN libpq_note int REFERENCES libpq_walk;"
      "CREATE INDEX ON customer (libpq_note);"
      "COMMIT");
}

static void prepared_statements(PGconn *connection)
{
  const char *values[] = {"21"};
  PQclear(PQprepare(connection, "twice", "SELECT $1::int * 2", 1, NULL));
  PGresult *result = PQexecPrepared(connection, "twice", 1, values, NULL, NULL, 0);
  check(PQresultStatus(result) == PGRES_TUPLES_OK, connection);
  if (strcmp(PQgetvalue(result, 0, 0), "42") != 0)
    fail(PQgetvalue(result, 0, 0));
  PQclear(result);
}

/* Each half is sent before anything of it is read, as far as libpq's buffer and the socket allow. */
static void pipeline(PGconn *connection)
{
  check(PQenterPipelineMode(connection), connection);
  for (int n = 0; n < PIPELINED; n++) {
    char number[16];
    const char *values[] = {number};
    snprintf(number, sizeof number, "%d", n);
    check(PQsendQueryPrepared(connection, "twice", 1, values, NULL, NULL, 0), connection);
  }
  check(PQpipelineSync(connection), connection);
  for (int n = 0; n < PIPELINED; n++) {
    PGresult *result = PQgetResult(connection);
    check(PQresultStatus(result) == PGRES_TUPLES_OK, connection);
    if (atoi(PQgetvalue(result, 0, 0)) != 2 * n)
      fail(PQgetvalue(result, 0, 0));
    PQclear(result);
    if (PQgetResult(connection) != NULL)
      fail("more than one result");
  }
  PGresult *sync = PQgetResult(connection);
  check(PQresultStatus(sync) == PGRES_PIPELINE_SYNC, connection);
  PQclear(sync);
}

/* What follows an error up to the next sync is left out, and no more than that. */
static void pipeline_with_an_error(PGconn *connection)
{
  check(PQsendQueryParams(connection, "SELECT 1 / 0", 0, NULL, NULL, NULL, NULL, 0), connection);
  check(PQsendQueryParams(connection, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0), connection);
  check(PQpipelineSync(connection), connection);
  check(PQsendQueryParams(connection, "SELECT 2", 0, NULL, NULL, NULL, NULL, 0), connection);
  check(PQpipelineSync(connection), connection);
  const ExecStatusType expected[] = {PGRES_FATAL_ERROR, PGRES_PIPELINE_ABORTED, PGRES_PIPELINE_SYNC, PGRES_TUPLES_OK,
                                     PGRES_PIPELINE_SYNC};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    PGresult *result = PQgetResult(connection);
    ExecStatusType status = PQresultStatus(result);
    if (status != expected[i])
      fail(PQresStatus(status));
    if (status == PGRES_FATAL_ERROR)
      expect_sqlstate(result, "22012");
    else
      PQclear(result);
    if (status != PGRES_PIPELINE_SYNC && PQgetResult(connection) != NULL)
      fail("more than one result");
  }
  check(PQexitPipelineMode(connection), connection);
}

static void copy_both_ways(PGconn *connection)
{
  PQclear(PQexec(connection, "COPY libpq_walk FROM STDIN"));
  for (int n = 0; n < 10000; n++) {
    char line[64];
    int length = snprintf(line, sizeof line, "%d\tnote %d\n", n, n);
    check(PQputCopyData(connection, line, length) == 1, connection);
  }
  check(PQputCopyEnd(connection, NULL) == 1, connection);
  PGresult *result;
  while ((result = PQgetResult(connection)) != NULL) {
    check(PQresultStatus(result) == PGRES_COMMAND_OK, connection);
    PQclear(result);
  }
  PQclear(PQexec(connection, "COPY (SELECT * FROM libpq_walk ORDER BY id) TO STDOUT"));
  char *line;
  int lines = 0;
  while (PQgetCopyData(connection, &line, 0) > 0) {
    if (atoi(line) != lines++)
      fail(line);
    PQfreemem(line);
  }
  if (lines != 10000)
    fail("rows are missing");
  while ((result = PQgetResult(connection)) != NULL)
    PQclear(result);
}

static void sqlstates(PGconn *connection)
{
  expect_sqlstate(PQexec(connection, "SELECT * FROM no_such_table"), "42P01");
  expect_sqlstate(PQexec(connection, "INSERT INTO libpq_walk VALUES (1)"), "23505");
}

static void cancel(PGconn *connection)
{
  char error[256];
  char running[160];
  PGconn *watcher = connect_to(variable("ENVIRONMENT"));
  snprintf(running, sizeof running, "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid = %d",
           atoi(PQgetvalue(PQexec(connection, "SELECT pg_backend_pid()"), 0, 0)));
  check(PQsendQuery(connection, "SELECT pg_sleep(600)"), connection);
  while (PQntuples(PQexec(watcher, running)) == 0)
    ;
  PGcancel *request = PQgetCancel(connection);
  if (!PQcancel(request, error, sizeof error))
    fail(error);
  PQfreeCancel(request);
  expect_sqlstate(PQgetResult(connection), "57014");
  if (PQgetResult(connection) != NULL)
    fail("more than one result");
  expect(connection, "SELECT 1", "1");
  PQfinish(watcher);
}

static void big_result(PGconn *connection)
{
  check(PQsendQuery(connection, "SELECT n, repeat('x', 30) FROM generate_series(1, 1000000) n"), connection);
  check(PQsetSingleRowMode(connection), connection);
  int rows = 0;
  PGresult *result;
  while ((result = PQgetResult(connection)) != NULL) {
    rows += PQntuples(result);
    PQclear(result);
  }
  if (rows != 1000000)
    fail("rows are missing");
}

static void wake(PGconn *sleeper)
{
  PGresult *result = NULL;
  for (int attempt = 0; attempt < 20; attempt++) {
    /* Not PQexec, which returns the last result: that the connection was closed after the error. */
    check(PQsendQuery(sleeper, "SELECT 1"), sleeper);
    result = PQgetResult(sleeper);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
      break;
    PQclear(result);
    PQclear(PQgetResult(sleeper));
    sleep(4);
  }
  expect_sqlstate(result, "57P01");
  PQreset(sleeper);
  check(PQstatus(sleeper) == CONNECTION_OK, sleeper);
  expect(sleeper, "SELECT n FROM kept", "7");
  PQfinish(sleeper);
}

static void begin(const char *name)
{
  step = name;
}

static void end(void)
{
  printf("ok %s\n", step);
  fflush(stdout);
}

int main(void)
{
  begin("fall asleep");
  PGconn *sleeper = connect_to(variable("NAP"));
  run(sleeper, "CREATE TABLE kept AS SELECT 7 AS n");
  end();
  begin("every form of name");
  every_form_of_name();
  end();
  PGconn *connection = connect_to(variable("ENVIRONMENT"));
  const struct {
    const char *name;
    void (*run)(PGconn *);
  } steps[] = {
      {"migration", migration},
      {"prepared statements", prepared_statements},
      {"pipeline", pipeline},
      {"pipeline with an error", pipeline_with_an_error},
      {"copy both ways", copy_both_ways},
      {"SQLSTATEs", sqlstates},
      {"cancel", cancel},
      {"big result", big_result},
  };
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    begin(steps[i].name);
    steps[i].run(connection);
    end();
  }
  PQfinish(connection);
  begin("wake");
  wake(sleeper);
  end();
  return 0;
}
