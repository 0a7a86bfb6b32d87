package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsErrorsTest {
  private static final String MD5 = "md5" + "0".repeat(32);

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          frobnicate = 1                       | understudy.frobnicate | unknown key; known here: allow-md5
          isolatoin = none                     | understudy.isolatoin | unknown key; did you mean isolation?
          listen.prot = 1                      | understudy.listen.prot | unknown key; did you mean port?
          sources.prod.directry = /x           | understudy.sources.prod.directry | did you mean directory?
          isolation = maybe                    | understudy.isolation | 'maybe' is none of none, required
          allow-md5 = perhaps                  | understudy.allow-md5 | 'perhaps' is none of false, true
          data-directory = pool                | understudy.data-directory | 'pool' is relative; write the path from / on
          data-directory = /srv                | understudy.sources.prod.directory | may hold the other
          data-directory = ""                  | understudy.data-directory | is empty
          data-directory = null                | understudy.data-directory | is null; leave the key out
          data-directory = [/x]                | understudy.data-directory | is not a single value
          run-as = root                        | understudy.run-as | clones never run as root
          run-as = "a b"                       | understudy.run-as | neither a user name nor a uid
          listen = 6432                        | understudy.listen | is not a section; write listen { ... }
          listen.port = 65536                  | understudy.listen.port | '65536' is not a whole number from 0 to 65535
          listen.port = 64.5                   | understudy.listen.port | '64.5' is not a whole number
          listen.max-connections = 0           | understudy.listen.max-connections | from 1 to 100000
          listen.host = 0.0.0.0                | understudy.listen.host | write listen.tls.mode = require, with a certificate, or listen.tls.mode = off
          listen.host = db.example.com         | understudy.listen.host | write listen.tls.mode = require
          listen { host = "::", tls { certificate = /c, private-key = /k } } | understudy.listen.host | can be reached from other hosts
          listen.host = "a b"                  | understudy.listen.host | is not a host name or address
          listen.proxy-protocol = on           | understudy.listen.proxy-protocol | 'on' is none of off, required
          listen.proxy-protocol = required     | understudy.listen.proxy-protocol-senders | is missing; name the addresses of the load balancers
          listen.proxy-protocol-senders = ["::1"] | understudy.listen.proxy-protocol-senders | has no meaning without proxy-protocol = required
          listen { proxy-protocol = required, proxy-protocol-senders = [lb1] } | understudy.listen.proxy-protocol-senders | 'lb1' is no address
          listen { proxy-protocol = required, proxy-protocol-senders = ["10.1.2.0/16"] } | understudy.listen.proxy-protocol-senders | has bits beyond its prefix; write 10.1.0.0/16
          listen { proxy-protocol = required, proxy-protocol-senders = ["10.0.0.0/33"] } | understudy.listen.proxy-protocol-senders | has no such prefix
          listen.tls.mode = require            | understudy.listen.tls.mode | 'require' needs a certificate; name listen.tls.certificate and listen.tls.private-key
          listen { host = 0.0.0.0, tls.mode = allow } | understudy.listen.tls.mode | 'allow' needs a certificate
          listen.tls.engine = openssl          | understudy.listen.tls.engine | 'openssl' is none of auto, boringssl, jdk
          listen.tls.mode = on                 | understudy.listen.tls.mode | 'on' is none of allow, off, require
          listen.startup-timeout = 15          | understudy.listen.startup-timeout | '15' has no unit; write ms, s, m, h, d or w
          listen.startup-timeout = 1ms         | understudy.listen.startup-timeout | '1ms' is not between 100ms and 1h
          listen.create-timeout = soon         | understudy.listen.create-timeout | is not a duration such as 15s, 10m or 3d
          listen.create-timeout = 2h           | understudy.listen.create-timeout | '2h' is not between 100ms and 1h
          http.port = x                        | understudy.http.port | is not a whole number
          http.enabled = 1                     | understudy.http.enabled | '1' is none of false, true
          http.prot = 1                        | understudy.http.prot | unknown key; did you mean port?
          http.host = 0.0.0.0                  | understudy.http.host | can be reached from other hosts; name http.tls.certificate and http.tls.private-key, or write http.tls.mode = off
          http.host = "a b"                    | understudy.http.host | is not a host name or address
          http.tls.mode = require              | understudy.http.tls.mode | 'require' needs a certificate
          http.tls.mode = allow                | understudy.http.tls.mode | 'allow' is none of off, require
          http.tls.certificate = /c            | understudy.http.tls.private-key | is missing
          http.names = ["a:80"]                | understudy.http.names | 'a:80' is no host name
          http.tokens.ci.role = viewer         | understudy.http.tokens.ci.hash | is missing; write for example hash =
          http.tokens.ci.hash = hunter2        | understudy.http.tokens.ci.hash | is not sha256: and 64 hexadecimal digits
          http.tokens.ci { hash = HASH, role = admin } | understudy.http.tokens.ci.role | 'admin' is none of administrator, user, viewer
          http.tokens.ci { hash = HASH, environments = ["dev-{role}"] } | understudy.http.tokens.ci.environments | write "dev-*"
          http.tokens.ci { hash = HASH, environments = ["A"] } | understudy.http.tokens.ci.environments | has characters other than
          http.tokens.ci { hash = HASH, roles = x } | understudy.http.tokens.ci.roles | did you mean role?
          http.tokens.administrator.hash = HASH | understudy.http.tokens.administrator | is what the token in the data directory is called
          http.webhooks.a.secret = 0123456789abcdef | understudy.http.webhooks.a.type | is missing
          http.webhooks.a { type = git, secret = 0123456789abcdef } | understudy.http.webhooks.a.type | 'git' is none of github, gitlab
          http.webhooks.a { type = github, secret = hunter2 } | understudy.http.webhooks.a.secret | has fewer than 16 characters
          http.webhooks.a { type = github, secret = 0123456789abcdef, environments = [pr] } | understudy.http.webhooks.a.environments | 'pr' is no name with {number}
          http.tokens."a b".hash = HASH        | understudy.http.tokens."a b" | a token's name has 1 to 63 characters
          authentication = []                  | understudy.authentication | is an empty list
          authentication = users               | understudy.authentication | is not a list; write authentication = [ ... ]
          authentication = [ldap]              | understudy.authentication | 'ldap' is neither users nor production
          authentication = [users, users]      | understudy.authentication | 'users' is in the list twice
          users.bob.role = app                 | understudy.users.bob.password | is missing
          users.bob = secret                   | understudy.users.bob | is not a section
          users.bob.password = "SCRAM-SHA-256$4096" | understudy.users.bob.password | is a malformed SCRAM verifier
          users.bob.password = MD5             | understudy.users.bob.password | is an md5 verifier and allow-md5 is false
          postgresql.binaries = []             | understudy.postgresql.binaries | is an empty list
          postgresql.binaries = [pg]           | understudy.postgresql.binaries | 'pg' is relative
          postgresql.binary = [/pg]            | understudy.postgresql.binary | did you mean binaries?
          sources.Prod { type = directory, directory = /x } | understudy.sources.Prod | a source's name has 1 to 63
          sources.b.directory = /x             | understudy.sources.b.type | is missing; write for example type = directory
          sources.b.type = directory           | understudy.sources.b.directory | is missing
          sources.b.type = standby             | understudy.sources.b.url | is missing; write for example url =
          sources.b { type = standby, url = hunter2 } | understudy.sources.b.url | is neither postgresql://
          sources.b { type = standby, url = "host=h", rate-limit = 100 } | understudy.sources.b.rate-limit | '100' is no size per second such as 500k or 100M
          sources.b { type = standby, url = "host=h", rate-limit = 2000M } | understudy.sources.b.rate-limit | '2000M' is not between 32k and 1024M
          sources.b { type = standby, url = "host=h", rate-limit = 31k } | understudy.sources.b.rate-limit | '31k' is not between 32k and 1024M
          sources.b { type = standby, url = "host=h", slot = My-Slot } | understudy.sources.b.slot | 'My-Slot' is no name of a replication slot
          sources.b { type = standby, url = "host=h", collations = sort } | understudy.sources.b.collations | 'sort' is none of ignore, refuse, reindex
          sources.b { type = standby, url = "host=h", restore-command = "" } | understudy.sources.b.restore-command | is empty
          sources.b { type = standby, url = "host=h", directory = /x } | understudy.sources.b.directory | unknown key
          sources.prod.slot = true             | understudy.sources.prod.slot | unknown key
          sources.b.type = dump                | understudy.sources.b.url | is missing; write for example url =
          sources.b { type = dump, url = x }   | understudy.sources.b.url | is neither postgresql://
          sources.b { type = dump, url = "a=b", jobs = 0 } | understudy.sources.b.jobs | '0' is not a whole number from 1 to 64
          sources.b { type = dump, url = "a=b", databases = shop } | understudy.sources.b.databases | is not a list
          sources.b { type = dump, url = "a=b", databases = [a, a] } | understudy.sources.b.databases | 'a' is in the list twice
          sources.b { type = dump, url = "a=b", on-error = go } | understudy.sources.b.on-error | 'go' is none of block, publish
          sources.b { type = dump, url = "a=b", exclude-roles = x } | understudy.sources.b.exclude-roles | is not a list
          sources.b { type = dump, url = "a=b", exclude-extension = [x] } | understudy.sources.b.exclude-extension | did you mean exclude-extensions?
          sources.b { type = dump, url = "a=b", directory = /x } | understudy.sources.b.directory | unknown key
          sources.b.type = copy                | understudy.sources.b.type | 'copy' is none of directory, dump, standby
          sources.prod.url = hunter2           | understudy.sources.prod.url | is neither postgresql://
          sources.prod.share-blocks = 1        | understudy.sources.prod.share-blocks | '1' is none of false, true
          sources.prod.mask = on               | understudy.sources.prod.mask | is not a section
          sources.prod.mask.key = hunter2      | understudy.sources.prod.mask.key | at least 16 characters
          sources.prod.mask.strict = very      | understudy.sources.prod.mask.strict | 'very' is none of false, true
          sources.prod.mask.shop {}            | understudy.sources.prod.mask.shop | unknown key; known here: databases, key, strict
          sources.prod.mask.databases.d.column {} | understudy.sources.prod.mask.databases.d.column | did you mean columns?
          sources.prod.mask.databases.d.columns { "s.t.c" = mail } | understudy.sources.prod.mask.databases.d.columns."s.t.c" | 'mail' is no rule; write email
          sources.prod.mask.databases.d.columns { "s.t" = email } | understudy.sources.prod.mask.databases.d.columns."s.t" | 's.t' is not "schema.table.column"
          sources.prod.mask.databases.d.columns { s.t.c = email } | understudy.sources.prod.mask.databases.d.columns.s | in quotation marks as a whole
          sources.prod.mask.databases.d.columns { "s.t." = email } | understudy.sources.prod.mask.databases.d.columns."s.t." | has an empty part
          sources.prod.mask.databases.d.columns { "s.t.c" { partial = 4 } } | understudy.sources.prod.mask.databases.d.columns."s.t.c".partial | is not a section
          sources.prod.mask.databases.d.columns { "s.t.c" { partial.first = -1 } } | understudy.sources.prod.mask.databases.d.columns."s.t.c".partial.first | from 0 to 1000
          sources.prod.mask.databases.d.columns { "s.t.c" { first = 1 } } | understudy.sources.prod.mask.databases.d.columns."s.t.c" | is no rule; write email
          sources.prod.mask.databases.d.columns { "s.t.c" { constant = x, by = y } } | understudy.sources.prod.mask.databases.d.columns."s.t.c".by | unknown key
          sources.prod.mask.databases.d.tables { "s.t" = email } | understudy.sources.prod.mask.databases.d.tables."s.t" | 'email' is none of truncate
          sources.prod.mask.databases.d.tables { t = truncate } | understudy.sources.prod.mask.databases.d.tables.t | 't' is not "schema.table"
          sources.prod.mask.databases.d.large-objects = hash | understudy.sources.prod.mask.databases.d.large-objects | 'hash' is none of keep, remove
          sources.prod.mask.databases.d.scripts = [x.sql] | understudy.sources.prod.mask.databases.d.scripts | 'x.sql' is relative
          sources.prod.snapshots.keep = 0      | understudy.sources.prod.snapshots.keep | '0' is not a whole number from 1 to 1000
          sources.prod.snapshots.schedule = 4h | understudy.sources.prod.snapshots.schedule | '4h' is no cron expression
          sources.prod.snapshots.kept = 3      | understudy.sources.prod.snapshots.kept | did you mean keep?
          sources.prod.spares = 101            | understudy.sources.prod.spares | '101' is not a whole number from 0 to 100
          environments.a.source = prd          | understudy.environments.a.source | there is no source 'prd'; did you mean prod?
          environments.a.drop-after = 0s       | understudy.environments.a.drop-after | '0s' is not between 1s and 3650d
          environments.a.suspend-after = 10    | understudy.environments.a.suspend-after | '10' has no unit
          environments.a.expires = soon        | understudy.environments.a.expires | 'soon' is not a duration
          environments.a.refresh = daily       | understudy.environments.a.refresh | 'daily' is none of after-snapshot, never, or a cron expression
          environments.a.refresh = "0 25 * * *" | understudy.environments.a.refresh | '0 25 * * *' is no cron expression
          environments.a.refresh-grace = 8d    | understudy.environments.a.refresh-grace | '8d' is not between 0d and 7d
          environments.a.refresh-skips = -1    | understudy.environments.a.refresh-skips | '-1' is not a whole number from 0 to 1000
          pool.min-free = 100                  | understudy.pool.min-free | '100' has no unit; write K, M, G or T, or a part of the pool
          pool.min-free = lots                 | understudy.pool.min-free | 'lots' is not a size such as 512M or 100G, or a part
          pool.min-free = "-1%"                | understudy.pool.min-free | '-1%' is not between 0% and 50%
          pool.min-free = 51%                  | understudy.pool.min-free | '51%' is not between 0% and 50%
          pool.minfree = 1G                    | understudy.pool.minfree | did you mean min-free?
          limits.running = 0                   | understudy.limits.running | '0' is not a whole number from 1 to 100000
          environments."{role}-{role}" {}      | understudy.environments."{role}-{role}" | has {role} more than once
          environments."{role}-*" {}           | understudy.environments."{role}-*" | has both {role} and '*'
          environments."dev-{rôle}" {}         | understudy.environments."dev-{rôle}" | has characters other than
          environments."-{role}" {}            | understudy.environments."-{role}" | matches no name
          environments.a.access = none         | understudy.environments.a.access | 'none' is none of read-only, read-write
          environments.a.memory = 1M           | understudy.environments.a.memory | '1M' is less than 64M
          environments.a.memory = lots         | understudy.environments.a.memory | 'lots' is not a size
          environments.a.cpu-weight = 0        | understudy.environments.a.cpu-weight | '0' is not a whole number from 1 to 10000
          environments.a.processes = 5         | understudy.environments.a.processes | '5' is not a whole number from 32 to
          environments.a.private-limit = 1M    | understudy.environments.a.private-limit | '1M' is less than 64M
          environments.a.temp-file-limit = 5   | understudy.environments.a.temp-file-limit | no unit
          environments.a.temp-file-limit = 3T  | understudy.environments.a.temp-file-limit | '3T' is more than 2T
          environments.a.hooks.timeout = 0s    | understudy.environments.a.hooks.timeout | '0s' is not between 1s and 1d
          environments.a.hooks.after-create = x | understudy.environments.a.hooks.after-create | is not a list
          environments.a.hooks.after-create = [x] | understudy.environments.a.hooks.after-create | an element that is not a section
          environments.a.hooks.after-create = [{ database = d }] | understudy.environments.a.hooks.after-create | an element that is no hook
          environments.a.hooks.after-create = [{ sql = x.sql }] | understudy.environments.a.hooks.after-create.sql | 'x.sql' is relative
          environments.a.hooks.after-create = [{ command = [ls] }] | understudy.environments.a.hooks.after-create.command | begins with 'ls'
          environments.a.hooks.after-create = [{ sql = /etc/passwd, directory = /etc }] | understudy.environments.a.hooks.after-create.directory | is for commands
          limits.existing = 5                  | understudy.limits.existing | unknown key; known here: environments, per-role, running
          environments.a.limit = 0             | understudy.environments.a.limit | '0' is not a whole number from 1 to 100000
          environments.a.limit-per-role = x    | understudy.environments.a.limit-per-role | 'x' is not a whole number from 1 to 100000
          limits.per-role = 0                  | understudy.limits.per-role | '0' is not a whole number from 1 to 100000
          environments."PR-*" {}               | understudy.environments."PR-*" | write "pr-*"
          environments."-a" {}                 | understudy.environments.-a | matches no name
          environments."a b" {}                | understudy.environments."a b" | has characters other than
          environments.understudy {}           | understudy.environments.understudy | this name is kept for the console
          environments { "p*" {}, "p**" {} }   | understudy.environments."p**" | matches the same names as "p*"
          environments { "p*" {}, "p{role}" {} } | understudy.environments."p{role}" | matches the same names as "p*"
          schedule-timezone = Mars             | understudy.schedule-timezone | 'Mars' is no time zone
          undrop-window = 24                   | understudy.undrop-window | no unit
          listen.tls.certificate = /c          | understudy.listen.tls.private-key | is missing; name the file of the certificate's private key
          listen.tls.private-key = /c          | understudy.listen.tls.certificate | is missing; name the file of the private key's certificate
          listen.tls { mode = off, certificate = /c } | understudy.listen.tls.private-key | is missing
          listen.tls { certificate = c, private-key = /k } | understudy.listen.tls.certificate | 'c' is relative
          listen.tls { certificate = /c, private-key = "" } | understudy.listen.tls.private-key | is empty
          listen.tls { certificate = /c, key = /k, private-key = /k } | understudy.listen.tls.key | unknown key
          listen.tls.domain = x                | understudy.listen.tls.domain | needs a certificate, as server names are a part of TLS
          listen.tls { certificate = /c, private-key = /k, domain = "*.example.com" } | understudy.listen.tls.domain | '*.example.com' is no domain
          listen.tls { certificate = /c, private-key = /k, domain = .example.com } | understudy.listen.tls.domain | is no domain
          listen.tls { certificate = /c, private-key = /k, domain = my_host } | understudy.listen.tls.domain | is no domain
          listen.tls { certificate = /c, private-key = /k, certificates = /c } | understudy.listen.tls.certificates | is not a list
          listen.tls { certificate = /c, private-key = /k, certificates = [{ }] } | understudy.listen.tls.certificates.certificate | is missing; write { certificate = ..., private-key = ... }
          listen.tls { certificate = /c, private-key = /k, certificates = [{ certificate = /c }] } | understudy.listen.tls.certificates.private-key | is missing; name the file
          listen.tls { certificate = /c, private-key = /k, certificates = [{ certificate = /c, private-key = k }] } | understudy.listen.tls.certificates.private-key | 'k' is relative
          listen.tls { certificate = /c, private-key = /k, certificates = [{ certificate = /c, private-key = /k, name = x }] } | understudy.listen.tls.certificates.name | unknown key
          listen.tls.certificates = [{ certificate = /c, private-key = /k }] | understudy.listen.tls.certificates | needs another one for who names no server
          listen.throttle = 5                  | understudy.listen.throttle | '5' is none of off, on
          listen.hba = ci                      | understudy.listen.hba | is not a list; write hba = [ { ... } ]
          listen.hba = [ci]                    | understudy.listen.hba | has an element that is not a section
          listen.hba = [{ user = [ci] }]       | understudy.listen.hba.method | is missing; write method = allow or method = reject
          listen.hba = [{ method = trust }]    | understudy.listen.hba.method | 'trust' is none of allow, reject
          listen.hba = [{ method = allow, role = [ci] }] | understudy.listen.hba.role | unknown key; known here: address, database, environment, method, type, user
          listen.hba = [{ method = allow, type = local }] | understudy.listen.hba.type | 'local' is none of host, hostnossl, hostssl
          listen.hba = [{ method = allow, user = ci }] | understudy.listen.hba.user | is not a list; write user = [ ... ]
          listen.hba = [{ method = allow, user = [] }] | understudy.listen.hba.user | is an empty list; leave the key out
          listen.hba = [{ method = reject, user = [all] }] | understudy.listen.hba.user | 'all' is no name here; leave the key out for all
          listen.hba = [{ method = reject, user = ["+dba"] }] | understudy.listen.hba.user | '+dba' means something in pg_hba.conf alone
          listen.hba = [{ method = reject, database = [sameuser] }] | understudy.listen.hba.database | 'sameuser' means something in pg_hba.conf alone
          listen.hba = [{ method = allow, address = [samenet] }] | understudy.listen.hba.address | 'samenet' means something in pg_hba.conf alone
          listen.hba = [{ method = allow, address = ["10.0.0.1/8"] }] | understudy.listen.hba.address | write 10.0.0.0/8
          listen.hba = [{ method = allow, environment = ["PR-*"] }] | understudy.listen.hba.environment | write "pr-*"
          listen.hba = [{ method = allow, environment = ["dev-{role}"] }] | understudy.listen.hba.environment | write "dev-*" for all of them
          listen.hba = [{ method = allow, environment = ["a b"] }] | understudy.listen.hba.environment | has characters other than
          """)
  void oneWrongLineIsNamed(String line, String key, String message) throws Exception {
    String written =
        line.replace("= MD5", "= " + MD5)
            .replace("= HASH", "= \"sha256:" + SettingsFileTest.HASH + "\"");
    List<Problem> problems = problems(withLine(written));

    assertThat(problems).hasSize(1);
    Problem problem = problems.getFirst();
    assertThat(problem.key()).isEqualTo(key);
    assertThat(problem.message()).contains(message).doesNotContain("hunter2");
    assertThat(problem.file()).isEqualTo(file().toString());
    assertThat(problem.line()).isEqualTo(key.endsWith("sources.prod.directory") ? 2 : 3);
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFile() throws Exception {
    List<Problem> problems =
        problems(
            """
            understudy {
              sources.prod { type = directory, directory = /srv/pg }
              listen.port = x
              isolation = y
              users.bob.role = z
              nonsense = 1
              environments.staging { source = prod }
            }
            """);

    assertThat(problems)
        .extracting(Problem::line, Problem::key)
        .containsExactly(
            tuple(3, "understudy.listen.port"),
            tuple(4, "understudy.isolation"),
            tuple(5, "understudy.users.bob.password"),
            tuple(6, "understudy.nonsense"));
  }

  @ParameterizedTest
  @MethodSource("wholeFiles")
  void filesThatAreWrongAsAWhole(String text, String message) throws Exception {
    assertThat(problems(text)).extracting(Problem::toString).anyMatch(it -> it.contains(message));
  }

  static List<Arguments> wholeFiles() {
    return List.of(
        whole("", "understudy: is missing; write understudy { ... } around all settings"),
        whole("understudy {}", "understudy: is empty; write"),
        whole("understudy.isolation = none", "understudy.sources: is missing; at least one"),
        whole("understudy.isolation = none", "understudy.environments: is missing; without"),
        whole("understudy = 1", "understudy: is not a section"),
        whole("understudy { sources {}, environments {} }", "sources: is empty; at least one"),
        whole("understudy { sources {}, environments {} }", "environments: is empty; without"),
        whole("understudy {} \n listen {}", "understudy.conf:2: listen: unknown key"),
        whole("understudy {", "understudy.conf:1: "),
        whole("this is no HOCON", "understudy.conf:1: "),
        whole("a {\n b = *", "understudy.conf:2: "),
        whole(
            "understudy {\n run-as = ${NO_SUCH_VARIABLE} }",
            "understudy.conf:2: there is no ${NO_SUCH_VARIABLE}: neither a key of this file"),
        whole("include \"missing.conf\"", "include \"missing.conf\": there is no such file"),
        whole(
            "include file(\"/no/such.conf\")", "include \"/no/such.conf\": there is no such file"),
        whole(
            withLine("listen.port = 1\n listen { port = 2 }"),
            "understudy.conf:4: understudy.listen.port: is given twice; first on line 3"),
        whole(
            withLine("environments { \"pr-*\" {}, b {} }\n environments.\"pr-*\" {}"),
            "understudy.conf:4: understudy.environments.\"pr-*\": is given twice; first on line 3"),
        whole(
            "understudy {\n sources { a { type = directory, directory = /a }, "
                + "b { type = directory, directory = /b } }\n environments.x {} }",
            "understudy.environments.x.source: is missing; one of a, b"));
  }

  @Test
  void keysInListsCommentsAndTextsAreNoDuplicates() {
    assertThat(
            DuplicateKeys.find(
                "f",
                """
                a = [ { x = 1 }, { x = 1 } ] # a = 2
                // a = 3
                b = \"\"\"
                a = 4
                \"\"\"
                c = "a = 5", d { a = 6 }
                """))
        .isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsSaidSo() throws Exception {
    assertThat(messageOf(directory)).endsWith("is a directory; name the settings file in it");
    assertThat(messageOf(directory.resolve("none"))).endsWith("none: there is no such file");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(messageOf(binary)).endsWith("is not text in UTF-8");
    byte[] large = "#".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8);
    Path big = Files.write(directory.resolve("big"), large);
    assertThat(messageOf(big)).endsWith("is not a text file of at most 1 MiB");
  }

  private static Arguments whole(String text, String message) {
    return Arguments.of(text, message);
  }

  /** The minimal file with one more line, its third. */
  static String withLine(String line) {
    return SettingsFileTest.MINIMAL.replace("  environments.", "  " + line + "\n  environments.");
  }

  private List<Problem> problems(String text) throws IOException {
    Files.writeString(file(), text);
    SettingsException thrown =
        catchThrowableOfType(SettingsException.class, () -> SettingsFile.read(file(), Map.of()));
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }

  private static String messageOf(Path file) {
    return String.valueOf(
        assertThatExceptionOfType(SettingsException.class)
            .isThrownBy(() -> SettingsFile.read(file, Map.of()))
            .actual()
            .getMessage());
  }

  private Path file() {
    return directory.resolve("understudy.conf");
  }
}
