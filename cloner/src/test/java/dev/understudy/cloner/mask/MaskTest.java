package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.DatabaseMask.LargeObjects;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.MaskRule;
import dev.understudy.config.Secret;
import dev.understudy.config.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskTest {
  private static final Secret KEY = new Secret("0123456789abcdef");
  private static final TableName TABLE = new TableName("s", "t");
  private static final ColumnName COLUMN = new ColumnName(TABLE, "c");

  @TempDir Path directory;
  private Path script = Path.of("");

  @BeforeEach
  void write() throws Exception {
    script = Files.writeString(directory.resolve("mask.sql"), "SELECT 1");
  }

  @Test
  void theDigestTellsMasksApart() throws Exception {
    Set<String> digests = new HashSet<>();
    digests.add(digest(KEY, true, new MaskRule.Email()));
    digests.add(digest(KEY, false, new MaskRule.Email()));
    digests.add(digest(KEY, true, new MaskRule.Hash()));
    digests.add(digest(KEY, true, new MaskRule.Partial(1, 2)));
    digests.add(digest(KEY, true, new MaskRule.Partial(12, 0)));
    digests.add(digest(new Secret("0123456789abcdeX"), true, new MaskRule.Email()));
    digests.add(digest(KEY, Map.of(), List.of(TABLE), null));
    digests.add(digest(KEY, Map.of(), List.of(), LargeObjects.KEEP));
    digests.add(digest(KEY, Map.of(), List.of(), LargeObjects.REMOVE));
    Files.writeString(script, "SELECT 2");
    digests.add(digest(KEY, Map.of(), List.of(), LargeObjects.REMOVE));
    assertThat(digests).hasSize(10);
  }

  @Test
  void theDigestOfEqualMasksIsEqual() throws Exception {
    assertThat(digest(KEY, true, new MaskRule.Email()))
        .isEqualTo(digest(new Secret(KEY.value()), true, new MaskRule.Email()));
  }

  @Test
  void aKeyIsMadeOnceAndKeptForTheOwner() throws Exception {
    String first = digest(null, Map.of(), List.of(), null);
    assertThat(digest(null, Map.of(), List.of(), null)).isEqualTo(first);
    Path file = directory.resolve("mask-key.json");
    assertThat(file).content().matches("(?s)\\{\\s*\"key\" : \"[0-9a-f]{64}\"\\s*}");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    Files.delete(file);
    assertThat(digest(null, Map.of(), List.of(), null)).isNotEqualTo(first);
  }

  @Test
  void aScriptThatCannotBeReadIsNamed() throws Exception {
    Files.delete(script);
    assertThatIOException()
        .isThrownBy(() -> digest(KEY, Map.of(), List.of(), null))
        .withMessageContaining("mask.sql of a mask: there is no such file");
    Files.write(script, new byte[] {(byte) 0xff});
    assertThatIOException()
        .isThrownBy(() -> digest(KEY, Map.of(), List.of(), null))
        .withMessageContaining("is not text in UTF-8");
  }

  private String digest(Secret key, boolean strict, MaskRule rule) throws Exception {
    DatabaseMask database =
        new DatabaseMask(Map.of(COLUMN, rule), List.of(), null, List.of(script));
    return Mask.load(new MaskPolicy(key, strict, Map.of("d", database)), directory).digest();
  }

  private String digest(
      @Nullable Secret key,
      Map<ColumnName, MaskRule> columns,
      List<TableName> truncated,
      @Nullable LargeObjects largeObjects)
      throws Exception {
    DatabaseMask database = new DatabaseMask(columns, truncated, largeObjects, List.of(script));
    return Mask.load(new MaskPolicy(key, true, Map.of("d", database)), directory).digest();
  }
}
