package dev.understudy.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogQueryFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "SELECT a, b AS \"c d\" FROM pg_class",
            "WITH v AS (SELECT $1::regclass) SELECT c.*, count(*) FROM pg_catalog.pg_class c, v",
            "SELECT DISTINCT ON (a) CASE WHEN a THEN 'x' END, f(a)::text FROM pg_type",
            "SELECT EXISTS (SELECT 1 FROM pg_class)",
            "SELECT EXISTS (SELECT 1), db.* FROM pg_catalog.pg_database db",
            "SELECT count(*), pg_catalog.max(a) AS b FROM information_schema.tables",
            "SELECT setting FROM pg_settings WHERE name = 'TimeZone'",
            "SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datname='understudy'",
            "SELECT x FROM pg_class WHERE a = ')' OR b = \"(\" OR c = $9999")
        .map(query -> query.getBytes(StandardCharsets.UTF_8));
  }

  /** What is answered is well-formed, whatever was asked. */
  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void prepare(byte[] bytes) throws ExecutionException, InterruptedException {
    ConsoleStatement statement =
        CatalogQuery.prepare(new String(bytes, StandardCharsets.UTF_8), new Parameters("app"));
    if (statement == null) {
      return;
    }
    assertThat(statement.columns()).isNotEmpty();
    assertThat(statement.parameters()).isBetween(0, 1_000);
    for (List<@Nullable Object> row : statement.execute().get().rows()) {
      assertThat(row).hasSameSizeAs(statement.columns());
    }
  }
}
