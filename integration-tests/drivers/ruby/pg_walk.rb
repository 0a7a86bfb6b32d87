# The pg gem against an environment; see ../README.md for the variables.
require_relative 'walk'
require 'pg'

def connect(**form)
  PG.connect(host: HOST, port: PORT, dbname: "#{DATABASE}@#{ENVIRONMENT}", user: LOGIN, password: PASSWORD, **TLS, **form)
end

def ask(connection, statement, *values)
  values.empty? ? connection.exec(statement).getvalue(0, 0) : connection.exec_params(statement, values).getvalue(0, 0)
end

def fails_with(sqlstate)
  yield
rescue PG::Error => e
  same(sqlstate, e.result&.error_field(PG::PG_DIAG_SQLSTATE))
else
  raise "no error, expected #{sqlstate}"
end

sleeper = nil

walk(
  'lie down' => lambda do
    sleeper = connect(dbname: "#{DATABASE}@#{NAP}")
    sleeper.exec('CREATE TABLE kept AS SELECT 7 AS n')
  end,
  'every form of name' => lambda do
    forms = [
      {}, { dbname: "#{DATABASE}%40#{ENVIRONMENT}" }, { dbname: ENVIRONMENT },
      { dbname: DATABASE, user: "#{LOGIN}@#{ENVIRONMENT}" },
      { dbname: DATABASE, options: "-c understudy.environment=#{ENVIRONMENT}" }
    ]
    (forms.map { |form| connect(**form) } + URLS.map { |url| PG.connect(url) }).each do |connection|
      same(ENVIRONMENT, ask(connection, 'SHOW understudy.environment'))
      same(DATABASE, ask(connection, 'SELECT current_database()'))
      connection.close
    end
  end,
  'migration' => lambda do
    connection = connect
    connection.transaction do
      connection.exec('CREATE TABLE ruby_walk (id int PRIMARY KEY, note text)')
      connection.exec('ALTER TABLE customer ADD COLUMN ruby_note int REFERENCES ruby_walk')
      connection.exec('CREATE INDEX ON customer (ruby_note)')
    end
    connection.close
  end,
  'prepared statements' => lambda do
    connection = connect
    connection.prepare('twice', 'SELECT $1::int * 2')
    10.times { |n| same((2 * n).to_s, connection.exec_prepared('twice', [n]).getvalue(0, 0)) }
    connection.close
  end,
  'pipeline' => lambda do
    connection = connect
    connection.enter_pipeline_mode
    1000.times { |n| connection.send_query_params('SELECT $1::int * 2', [n]) }
    connection.pipeline_sync
    1000.times do |n|
      same((2 * n).to_s, connection.get_result.getvalue(0, 0))
      same(nil, connection.get_result)
    end
    connection.get_result
    connection.exit_pipeline_mode
    connection.close
  end,
  'copy both ways' => lambda do
    connection = connect
    lines = (0...10_000).map { |n| "#{n}\tnote #{n}\n" }
    connection.copy_data('COPY ruby_walk FROM STDIN') { lines.each { |line| connection.put_copy_data(line) } }
    out = []
    connection.copy_data('COPY (SELECT * FROM ruby_walk ORDER BY id) TO STDOUT') do
      while (line = connection.get_copy_data) do out << line end
    end
    same(lines, out)
    connection.close
  end,
  'SQLSTATEs' => lambda do
    connection = connect
    fails_with('42P01') { ask(connection, 'SELECT * FROM no_such_table') }
    fails_with('23505') { ask(connection, 'INSERT INTO ruby_walk VALUES (1)') }
    fails_with('22012') { ask(connection, 'SELECT 1 / 0') }
    connection.close
  end,
  'cancel' => lambda do
    connection, watcher = connect, connect
    pid = ask(connection, 'SELECT pg_backend_pid()')
    connection.send_query('SELECT pg_sleep(600)')
    running = 'SELECT count(*) FROM pg_stat_activity WHERE state = $1 AND pid = $2'
    Thread.pass until ask(watcher, running, 'active', pid) == '1'
    same(nil, connection.cancel)
    fails_with('57014') { connection.get_last_result }
    same('1', ask(connection, 'SELECT 1'))
    [connection, watcher].each(&:close)
  end,
  'big result' => lambda do
    connection = connect
    same(300_000, connection.exec("SELECT n, repeat('x', 30) FROM generate_series(1, 300000) n").ntuples)
    connection.close
  end,
  'refusals' => lambda do
    [
      [{ password: 'wrong' }, 'password authentication failed'], [{ user: 'nobody-of-that-name' }, 'password authentication failed'],
      [{ dbname: "#{DATABASE}@no such name" }, 'invalid environment name'], [{ dbname: DATABASE }, 'no environment is named']
    ].each do |form, words|
      connect(**form)
    rescue PG::ConnectionBad => e
      raise e unless e.message.include?(words)
    else
      raise "connected: #{form}"
    end
  end,
  'wake' => lambda do
    until_it_sleeps { ask(sleeper, 'SELECT 1') }
  rescue PG::ConnectionBad => e
    # There is no result, and so no SQLSTATE, but the text of 57P01.
    raise e unless e.message.include?('terminating connection due to administrator command')

    sleeper.reset
    same('7', ask(sleeper, 'SELECT n FROM kept'))
  end
)
