# Rails, with the parts of it that deal with databases, against an environment; see ../README.md for the variables.
require_relative 'walk'
require 'fileutils'
require 'open3'
require 'tmpdir'
require 'active_record'

PROJECT = Dir.mktmpdir
at_exit { FileUtils.rm_r(PROJECT) }
# Rails writes its schema and its logs there.
FileUtils.cp_r(File.join(__dir__, 'rails_app/.'), PROJECT)

def rails(command, **variables)
  environment = { 'RAILS_ENV' => 'development' }.merge(variables.transform_keys(&:to_s))
  output, status = Open3.capture2e(environment, *command, chdir: PROJECT)
  raise output unless status.success?

  output
end

def rake(*tasks, **variables)
  rails(['rake', *tasks], **variables)
end

def connect(form)
  ActiveRecord::Base.establish_connection(form)
  ActiveRecord::Base.connection
end

def parameters(**form)
  { adapter: 'postgresql', host: HOST, port: PORT, database: DATABASE, username: LOGIN, password: PASSWORD, **TLS, **form }
end

walk(
  'every form of name' => lambda do
    forms = [
      *URLS, parameters(database: "#{DATABASE}@#{ENVIRONMENT}"), parameters(database: ENVIRONMENT),
      parameters(username: "#{LOGIN}@#{ENVIRONMENT}"),
      parameters(options: "-c understudy.environment=#{ENVIRONMENT}")
    ]
    forms.each do |form|
      connection = connect(form)
      same(ENVIRONMENT, connection.select_value('SHOW understudy.environment'))
      same(DATABASE, connection.select_value('SELECT current_database()'))
    end
  end,
  'db:migrate' => lambda do
    rake('db:migrate')
    rake('db:rollback', STEP: '2')
    rake('db:migrate')
    raise rake('db:migrate:status') unless rake('db:migrate:status').scan(/^\s*up/).size == 2
  end,
  'db:test:prepare and test' => lambda do
    # With another database in its place the schema is that of the migrations alone.
    rake('db:create', RAILS_ENV: 'test')
    rake('db:test:prepare')
    output = rails(['ruby', '-Itest', 'test/purchase_test.rb'], RAILS_ENV: 'test')
    raise output unless output.include?('3 runs') && output.include?('0 failures, 0 errors')

    rake('db:drop', RAILS_ENV: 'test')
  end,
  'prepared statements and SQLSTATEs' => lambda do
    connection = connect(URL)
    10.times do |n|
      value = ActiveRecord::Relation::QueryAttribute.new('n', n, ActiveRecord::Type::Integer.new)
      same([[2 * n]], connection.exec_query('SELECT $1::int * 2', 'twice', [value], prepare: true).rows)
    end
    connection.execute('SELECT * FROM no_such_table')
    raise 'no error'
  rescue ActiveRecord::StatementInvalid => e
    same('42P01', e.cause.result.error_field(PG::PG_DIAG_SQLSTATE))
  end,
  # By the connection of pg, which it hands out.
  'copy both ways' => lambda do
    connection = connect(URL)
    connection.execute('CREATE TABLE copied (id int, note text)')
    raw = connection.raw_connection
    lines = (0...10_000).map { |n| "#{n}\tnote #{n}\n" }
    raw.copy_data('COPY copied FROM STDIN') { lines.each { |line| raw.put_copy_data(line) } }
    out = []
    raw.copy_data('COPY (SELECT * FROM copied ORDER BY id) TO STDOUT') do
      while (line = raw.get_copy_data) do out << line end
    end
    same(lines, out)
  end,
  'cancel' => lambda do
    connection = connect(URL)
    raw = connection.raw_connection
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = #{connection.select_value('SELECT pg_backend_pid()')}"
    canceller = Thread.new do
      ActiveRecord::Base.connection_pool.with_connection do |watcher|
        Thread.pass until watcher.select_value(running) == 1
      end
      raw.cancel
    end
    begin
      connection.execute('SELECT pg_sleep(600)')
      raise 'not cancelled'
    rescue ActiveRecord::QueryCanceled => e
      same('57014', e.cause.result.error_field(PG::PG_DIAG_SQLSTATE))
    end
    same(nil, canceller.value)
    same(1, connection.select_value('SELECT 1'))
  end,
  'big result' => lambda do
    same(200_000, connect(URL).select_rows("SELECT n, repeat('x', 30) FROM generate_series(1, 200000) n").size)
  end,
  'wake' => lambda do
    connection = connect(URL.sub(ENVIRONMENT, NAP))
    connection.execute('CREATE TABLE kept AS SELECT 7 AS n')
    sleep 4
    begin
      until_it_sleeps { connection.execute('SELECT 1') }
    rescue ActiveRecord::StatementInvalid => e
      raise e unless e.message.include?('terminating connection due to administrator command')
    end
    # What Rails does between two requests.
    connection.verify!
    same(7, connection.select_value('SELECT n FROM kept'))
  end
)
