package dev.understudy.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code mask} of a source. */
final class MaskReader {
  /** Of a secret that nobody can guess, from values whose masked form they know. */
  private static final int LEAST_KEY = 16;

  private static final int MOST_KEPT = 1_000;

  private static final Map<String, MaskRule> WORDS =
      Map.of(
          "keep", new MaskRule.Keep(),
          "null", new MaskRule.Null(),
          "hash", new MaskRule.Hash(),
          "email", new MaskRule.Email(),
          "name", new MaskRule.Name(),
          "phone", new MaskRule.Phone());

  private static final String FORMS =
      "email, hash, keep, name, null, phone, { constant = ... } or { partial { first, last } }";

  private final Section section;

  MaskReader(Section section) {
    this.section = section;
  }

  MaskPolicy read() {
    String key = section.text("key");
    if (key != null && key.length() < LEAST_KEY) {
      section.error("key", "is too easy to guess; a key has at least " + LEAST_KEY + " characters");
    }
    if (key != null && section.isWrittenOut("key")) {
      section.warning("key", "is written in the file; better ${VARIABLE}");
    }
    boolean strict = section.choice("strict", Map.of("true", true, "false", false), true);
    Map<String, DatabaseMask> databases = new TreeMap<>();
    section
        .section("databases")
        .named()
        .forEach((name, database) -> databases.put(name, database(database)));
    section.refuseUnknown();
    return new MaskPolicy(key == null ? null : new Secret(key), strict, databases);
  }

  private static DatabaseMask database(Section section) {
    Map<ColumnName, MaskRule> columns =
        keys(section.section("columns"), ColumnName::parse, MaskReader::rule);
    Map<TableName, Boolean> tables =
        keys(section.section("tables"), TableName::parse, MaskReader::truncate);
    DatabaseMask.@Nullable LargeObjects largeObjects = null;
    if (section.has("large-objects")) {
      largeObjects =
          section.choice(
              "large-objects",
              Map.of(
                  "keep",
                  DatabaseMask.LargeObjects.KEEP,
                  "remove",
                  DatabaseMask.LargeObjects.REMOVE),
              DatabaseMask.LargeObjects.KEEP);
    } else {
      section.text("large-objects");
    }
    List<Path> scripts = scripts(section);
    section.refuseUnknown();
    return new DatabaseMask(columns, List.copyOf(tables.keySet()), largeObjects, scripts);
  }

  private static List<Path> scripts(Section section) {
    List<Path> scripts = new ArrayList<>();
    for (String text : section.texts("scripts", List.of())) {
      try {
        scripts.add(Paths.absolute(text));
      } catch (IllegalArgumentException e) {
        section.error("scripts", String.valueOf(e.getMessage()));
      }
    }
    return scripts;
  }

  /** Reads the value of a key of the user's own. */
  private interface Value<V> {
    @Nullable V read(Section section, String key);
  }

  private static <K, V> Map<K, V> keys(
      Section section, Function<String, K> parser, Value<V> value) {
    Map<K, V> all = new LinkedHashMap<>();
    for (String key : section.ownKeys()) {
      try {
        K name = parser.apply(key);
        V read = value.read(section, key);
        if (read != null && all.put(name, read) != null) {
          section.error(key, "is given twice");
        }
      } catch (IllegalArgumentException e) {
        section.error(key, String.valueOf(e.getMessage()));
      }
    }
    return all;
  }

  private static @Nullable Boolean truncate(Section section, String key) {
    return section.choice(key, Map.of("truncate", true), true);
  }

  private static @Nullable MaskRule rule(Section section, String key) {
    if (section.isSection(key)) {
      return longRule(section, key);
    }
    String word = section.isNull(key) ? "null" : section.text(key);
    MaskRule rule = word == null ? null : WORDS.get(word);
    if (word != null && rule == null) {
      section.error(key, "'" + word + "' is no rule; write " + FORMS);
    }
    return rule;
  }

  private static @Nullable MaskRule longRule(Section parent, String key) {
    Section section = parent.section(key);
    if (section.has("constant") == section.has("partial")) {
      parent.error(key, "is no rule; write " + FORMS);
      return null;
    }
    MaskRule rule;
    if (section.has("constant")) {
      rule = new MaskRule.Constant(section.anyText("constant"));
    } else {
      Section partial = section.section("partial");
      int first = partial.integer("first", 0, 0, MOST_KEPT);
      int last = partial.integer("last", 0, 0, MOST_KEPT);
      partial.refuseUnknown();
      rule = new MaskRule.Partial(first, last);
    }
    section.refuseUnknown();
    return rule;
  }
}
