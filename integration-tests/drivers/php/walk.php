<?php
// PDO against an environment; see ../README.md for the variables.
declare(strict_types=1);

foreach (['HOST', 'PORT', 'LOGIN', 'PASSWORD', 'DATABASE', 'ENVIRONMENT', 'NAP', 'URL'] as $name) {
    define($name, getenv($name));
}
define('TLS', getenv('ROOT_CERTIFICATE') ? 'sslmode=verify-full;sslrootcert=' . getenv('ROOT_CERTIFICATE') : 'sslmode=disable');

function open(string $source, ?string $user = null): PDO
{
    return new PDO($source, $user, PASSWORD, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 60]);
}

function connect(string $dbname = DATABASE . '@' . ENVIRONMENT, string $user = LOGIN, string $more = ''): PDO
{
    return open('pgsql:host=' . HOST . ';port=' . PORT . ";dbname=$dbname;" . TLS . $more, $user);
}

function ask(PDO $connection, string $statement): mixed
{
    return $connection->query($statement)->fetchColumn();
}

function is(mixed $got, mixed $expected): void
{
    if ($got !== $expected) {
        throw new Exception('expected ' . var_export($expected, true) . ', got ' . var_export($got, true));
    }
}

function fails(string $sqlstate, callable $action): void
{
    try {
        $action();
    } catch (PDOException $failure) {
        is($failure->errorInfo[0], $sqlstate);
        return;
    }
    throw new Exception("no error, expected $sqlstate");
}

$sleeper = null;

$steps = [
    'lie down' => function () use (&$sleeper) {
        $sleeper = connect(DATABASE . '@' . NAP);
        $sleeper->exec('CREATE TABLE kept AS SELECT 7 AS n');
    },
    'every form of name' => function () {
        $connections = [
            connect(),
            connect(DATABASE . '%40' . ENVIRONMENT),
            connect(ENVIRONMENT),
            connect(DATABASE, LOGIN . '@' . ENVIRONMENT),
            connect(DATABASE, LOGIN, ";options='-c understudy.environment=" . ENVIRONMENT . "'"),
            open(URL),
        ];
        if (getenv('URL_BY_HOST')) {
            $connections[] = open(getenv('URL_BY_HOST'));
        }
        foreach ($connections as $connection) {
            is(ask($connection, 'SHOW understudy.environment'), ENVIRONMENT);
            is(ask($connection, 'SELECT current_database()'), DATABASE);
        }
    },
    'migration' => function () {
        $connection = connect();
        $connection->beginTransaction();
        $connection->exec('CREATE TABLE php_walk (id int PRIMARY KEY, note text)');
        $connection->exec('ALTER TABLE customer ADD COLUMN php_note int REFERENCES php_walk');
        $connection->exec('CREATE INDEX ON customer (php_note)');
        $connection->commit();
    },
    'prepared statements' => function () {
        $statement = connect()->prepare('SELECT ?::int * 2');
        foreach (range(0, 9) as $n) {
            $statement->execute([$n]);
            is($statement->fetchColumn(), 2 * $n);
        }
    },
    'copy both ways' => function () {
        $connection = connect();
        $lines = array_map(fn ($n) => "$n\tnote $n", range(0, 9999));
        $connection->pgsqlCopyFromArray('php_walk', $lines);
        is(array_map('rtrim', $connection->pgsqlCopyToArray('php_walk')), $lines);
    },
    'SQLSTATEs' => function () {
        $connection = connect();
        fails('42P01', fn () => ask($connection, 'SELECT * FROM no_such_table'));
        fails('23505', fn () => $connection->exec('INSERT INTO php_walk VALUES (1)'));
        fails('22012', fn () => ask($connection, 'SELECT 1 / 0'));
    },
    'cancel' => function () {
        // PDO waits for the answer and has no call that sends a CancelRequest: another session has to do it.
        $connection = connect();
        $program = <<<'PHP'
            [, $source, $user, $password, $pid] = $argv;
            $watcher = new PDO($source, $user, $password);
            $running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = $pid";
            while ($watcher->query($running)->fetchColumn() === 0);
            exit($watcher->query("SELECT pg_cancel_backend($pid)")->fetchColumn() === true ? 0 : 1);
            PHP;
        $source = 'pgsql:host=' . HOST . ';port=' . PORT . ';dbname=' . DATABASE . '@' . ENVIRONMENT . ';' . TLS;
        $pid = (string) ask($connection, 'SELECT pg_backend_pid()');
        $canceller = proc_open([PHP_BINARY, '-r', $program, '--', $source, LOGIN, PASSWORD, $pid], [], $pipes);
        fails('57014', fn () => ask($connection, 'SELECT pg_sleep(600)'));
        is(proc_close($canceller), 0);
        is(ask($connection, 'SELECT 1'), 1);
    },
    'big result' => function () {
        $rows = connect()->query("SELECT n, repeat('x', 30) FROM generate_series(1, 300000) n")->fetchAll(PDO::FETCH_NUM);
        is(count($rows), 300000);
    },
    'refusals' => function () {
        // All that PDO tells of a connection that failed is 08006, and the text.
        foreach ([[DATABASE . '@no_such_name_', LOGIN], [DATABASE, LOGIN], [DATABASE, 'nobody-of-that-name']] as $form) {
            try {
                connect(...$form);
            } catch (PDOException $failure) {
                $words = '/invalid environment name|no environment is named|password authentication failed/';
                is(preg_match($words, $failure->getMessage()), 1);
                continue;
            }
            throw new Exception('connected');
        }
    },
    'wake' => function () use (&$sleeper) {
        for ($attempt = 0; ; $attempt++) {
            is($attempt < 20, true);
            try {
                ask($sleeper, 'SELECT 1');
                sleep(4);
            } catch (PDOException $failure) {
                // What PQexec leaves of any 57P01: its last word is that the connection was closed.
                is(preg_match('/connection .*closed|closed the connection/', $failure->getMessage()), 1);
                break;
            }
        }
        is(ask(connect(DATABASE . '@' . NAP), 'SELECT n FROM kept'), 7);
    },
];

// Where a source of data names the user, libpq takes the password from here.
putenv('PGPASSWORD=' . PASSWORD);
foreach ($steps as $name => $step) {
    try {
        $step();
    } catch (Throwable $failure) {
        echo "FAILED: $name: $failure\n";
        exit(1);
    }
    echo "ok $name\n";
}
