# DBI with DBD::Pg against an environment; see ../README.md for the variables.
use strict;
use warnings;
use DBD::Pg qw(:async);
use DBI;

my ($host, $port, $login, $password, $database, $environment, $nap, $url) =
  @ENV{qw(HOST PORT LOGIN PASSWORD DATABASE ENVIRONMENT NAP URL)};
my $tls = $ENV{ROOT_CERTIFICATE} ? "sslmode=verify-full;sslrootcert=$ENV{ROOT_CERTIFICATE}" : 'sslmode=disable';
my $sleeper;

sub open_source {
  my ($source, $user) = @_;
  return DBI->connect($source, $user, $password, {RaiseError => 1, PrintError => 0, AutoCommit => 1});
}

sub connect_to {
  my (%form) = @_;
  my $dbname = $form{dbname} // "$database\@$environment";
  my $options = $form{options} ? ";options='$form{options}'" : '';
  return open_source("dbi:Pg:host=$host;port=$port;dbname=$dbname$options;$tls", $form{user} // $login);
}

sub ask { my ($handle, @rest) = @_; return ($handle->selectrow_array($rest[0], undef, @rest[1 .. $#rest]))[0]; }

sub is { my ($got, $expected) = @_; die "expected '$expected', got '" . ($got // 'undef') . "'\n" if ($got // '') ne $expected; }

sub fails_with {
  my ($sqlstate, $action) = @_;
  eval { $action->(); 1 } and die "no error, expected $sqlstate\n";
  is($DBI::state, $sqlstate);
}

my @steps = (
  lie_down => sub {
    $sleeper = connect_to(dbname => "$database\@$nap");
    $sleeper->do('CREATE TABLE kept AS SELECT 7 AS n');
  },
  every_form_of_name => sub {
    my @forms = (
      {},
      {dbname => "$database%40$environment"},
      {dbname => $environment},
      {dbname => $database, user => "$login\@$environment"},
      {dbname => $database, options => "-c understudy.environment=$environment"},
    );
    my @urls = grep { defined } $url, $ENV{URL_BY_HOST};
    for my $handle ((map { connect_to(%$_) } @forms), (map { open_source($_, '') } @urls)) {
      is(ask($handle, 'SHOW understudy.environment'), $environment);
      is(ask($handle, 'SELECT current_database()'), $database);
      $handle->disconnect;
    }
  },
  migration => sub {
    my $handle = connect_to();
    $handle->begin_work;
    $handle->do('CREATE TABLE perl_walk (id int PRIMARY KEY, note text)');
    $handle->do('ALTER TABLE customer ADD COLUMN perl_note int REFERENCES perl_walk');
    $handle->do('CREATE INDEX ON customer (perl_note)');
    $handle->commit;
    $handle->disconnect;
  },
  prepared_statements => sub {
    my $handle = connect_to();
    my $statement = $handle->prepare('SELECT ?::int * 2');
    for my $n (0 .. 9) {
      $statement->execute($n);
      is(($statement->fetchrow_array)[0], 2 * $n);
    }
    $statement->finish;
    $handle->disconnect;
  },
  copy_both_ways => sub {
    my $handle = connect_to();
    my @lines = map { "$_\tnote $_\n" } 0 .. 9999;
    $handle->do('COPY perl_walk FROM STDIN');
    $handle->pg_putcopydata($_) for @lines;
    $handle->pg_putcopyend;
    $handle->do('COPY (SELECT * FROM perl_walk ORDER BY id) TO STDOUT');
    my ($line, $out) = ('', '');
    $out .= $line while $handle->pg_getcopydata(\$line) >= 0;
    is($out, join '', @lines);
    $handle->disconnect;
  },
  sqlstates => sub {
    my $handle = connect_to();
    fails_with('42P01', sub { ask($handle, 'SELECT * FROM no_such_table') });
    fails_with('23505', sub { $handle->do('INSERT INTO perl_walk VALUES (1)') });
    fails_with('22012', sub { ask($handle, 'SELECT 1 / 0') });
    $handle->disconnect;
  },
  cancel => sub {
    my ($handle, $watcher) = (connect_to(), connect_to());
    my $running = 'SELECT count(*) FROM pg_stat_activity WHERE state = ? AND pid = ?';
    my $pid = ask($handle, 'SELECT pg_backend_pid()');
    $handle->do('SELECT pg_sleep(600)', {pg_async => PG_ASYNC});
    1 until ask($watcher, $running, 'active', $pid);
    is($handle->pg_cancel, 1);
    is(ask($handle, 'SELECT 1'), 1);
    $_->disconnect for $handle, $watcher;
  },
  big_result => sub {
    my $handle = connect_to();
    is(scalar @{$handle->selectall_arrayref(q{SELECT n, repeat('x', 30) FROM generate_series(1, 300000) n})}, 300_000);
    $handle->disconnect;
  },
  refusals => sub {
    for my $form ({user => 'nobody-of-that-name'}, {dbname => "$database\@no_such_name_"}, {dbname => $database}) {
      eval { connect_to(%$form); 1 } and die "connected\n";
      $@ =~ /password authentication failed|invalid environment name|no environment is named/ or die $@;
    }
  },
  wake => sub {
    my $attempts = 0;
    while (eval { ask($sleeper, 'SELECT 1'); 1 }) {
      die "$nap does not sleep\n" if $attempts++ == 20;
      sleep 4;
    }
    # What PQexec leaves of any 57P01: its last word is that the connection was closed.
    is($sleeper->state, '08000');
    my $handle = connect_to(dbname => "$database\@$nap");
    is(ask($handle, 'SELECT n FROM kept'), 7);
    $handle->disconnect;
  },
);

# Where a source of data names the user, it is taken from there.
$ENV{PGPASSWORD} = $password;
$| = 1;
while (my ($name, $step) = splice @steps, 0, 2) {
  if (!eval { $step->(); 1 }) {
    print "FAILED: $name: $@\n";
    exit 1;
  }
  print "ok $name\n";
}
