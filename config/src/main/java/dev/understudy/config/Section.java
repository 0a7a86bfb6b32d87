package dev.understudy.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One object of a settings file while it is read. Every reading method makes its key known; a value
 * that is wrong becomes a problem and reads as its default, so that reading goes on.
 */
final class Section {
  private static final Comparator<Map.Entry<String, ConfigValue>> ORDER_OF_THE_FILE =
      Comparator.<Map.Entry<String, ConfigValue>>comparingInt(
              entry -> entry.getValue().origin().lineNumber())
          .thenComparing(Map.Entry::getKey);

  private final ConfigObject object;
  private final String path;
  private final String file;
  private final Problems problems;
  private final SortedSet<String> known = new TreeSet<>();

  Section(ConfigObject object, String path, String file, Problems problems) {
    this.object = object;
    this.path = path;
    this.file = file;
    this.problems = problems;
  }

  boolean isEmpty() {
    return object.isEmpty();
  }

  /** True if the key is written, with whatever value. Does not make it known. */
  boolean has(String key) {
    return object.containsKey(key);
  }

  /** A text of at least one character; a number counts as the text it is written as. */
  @Nullable String text(String key) {
    ConfigValue value = value(key);
    return value == null ? null : textOf(key, value);
  }

  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  /** A text that must be there; what stands in for a missing one is never used. */
  String requiredText(String key, String example) {
    if (!has(key)) {
      error(key, "is missing; write for example " + key + " = " + example);
    }
    return text(key, "");
  }

  List<String> texts(String key, List<String> otherwise) {
    ConfigValue value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof ConfigList list)) {
      error(key, "is not a list; write " + key + " = [ ... ]");
      return otherwise;
    }
    if (list.isEmpty()) {
      error(key, "is an empty list; leave the key out for the default");
      return otherwise;
    }
    List<String> texts = new ArrayList<>();
    for (ConfigValue element : list) {
      String text = textOf(key, element);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  int integer(String key, int otherwise, int least, int most) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("-?\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    error(key, "'" + text + "' is not a whole number from " + least + " to " + most);
    return otherwise;
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(choice(key, Map.of("true", true, "false", false), false));
  }

  <E> E choice(String key, Map<String, E> choices, E otherwise) {
    String text = text(key);
    if (text == null) {
      return otherwise;
    }
    E chosen = choices.get(text);
    if (chosen == null) {
      error(key, "'" + text + "' is none of " + String.join(", ", new TreeSet<>(choices.keySet())));
      return otherwise;
    }
    return chosen;
  }

  Duration duration(String key, Duration otherwise, Duration least, Duration most) {
    return parsed(key, otherwise, text -> DurationText.parse(text, least, most));
  }

  /** A value in a notation of its own; the parser's IllegalArgumentException is the message. */
  <T> T parsed(String key, T otherwise, Function<String, T> parser) {
    String text = text(key);
    try {
      return text == null ? otherwise : parser.apply(text);
    } catch (IllegalArgumentException e) {
      error(key, String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  /** An object below this one; an empty one where it is not written. */
  Section section(String key) {
    ConfigValue value = value(key);
    if (value instanceof ConfigObject below) {
      return new Section(below, pathOf(key), file, problems);
    }
    ConfigObject nothing = ConfigValueFactory.fromMap(Map.of());
    if (value == null) {
      return new Section(nothing, pathOf(key), file, problems);
    }
    error(key, "is not a section; write " + key + " { ... }");
    // What is missing in it is no problem of its own.
    return new Section(nothing, pathOf(key), file, new Problems());
  }

  /** The objects of a list, in its order; none where it is not written. */
  List<Section> sections(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ConfigList list)) {
      error(key, "is not a list; write " + key + " = [ { ... } ]");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (ConfigValue element : list) {
      if (element instanceof ConfigObject below) {
        sections.add(new Section(below, pathOf(key), file, problems));
      } else {
        error(key, "has an element that is not a section; write { ... }");
      }
    }
    return sections;
  }

  Section required(String key, String reason) {
    Section section = section(key);
    if (!has(key) || (object.get(key) instanceof ConfigObject below && below.isEmpty())) {
      error(key, (has(key) ? "is empty; " : "is missing; ") + reason);
    }
    return section;
  }

  /** Sections with names that are the user's own, in the order of the file. */
  Map<String, Section> named() {
    Map<String, Section> sections = new LinkedHashMap<>();
    object.entrySet().stream()
        .sorted(ORDER_OF_THE_FILE)
        .forEach(entry -> sections.put(entry.getKey(), section(entry.getKey())));
    return sections;
  }

  /** Keys that are the user's own, in the order of the file. */
  List<String> ownKeys() {
    return object.entrySet().stream().sorted(ORDER_OF_THE_FILE).map(Map.Entry::getKey).toList();
  }

  /** True if the key has a section; makes it known. */
  boolean isSection(String key) {
    return value(key) instanceof ConfigObject;
  }

  /** True if the key is written as null, which is a value only where this is asked. */
  boolean isNull(String key) {
    ConfigValue value = value(key);
    return value != null && value.valueType() == ConfigValueType.NULL;
  }

  /** A text that may be empty. */
  String anyText(String key) {
    ConfigValue value = value(key);
    if (value != null && value.valueType() == ConfigValueType.STRING) {
      return String.valueOf(value.unwrapped());
    }
    return text(key, "");
  }

  /** To be called when everything has been read: what was not asked for has no meaning. */
  void refuseUnknown() {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        error(key, "unknown key; " + Nearest.suggest(key, known));
      }
    }
  }

  void error(String key, String message) {
    problems.error(problem(key, message));
  }

  void warning(String key, String message) {
    problems.warning(problem(key, message));
  }

  /** True if the value stands in the file itself, not in an environment variable. */
  boolean isWrittenOut(String key) {
    ConfigValue value = object.get(key);
    return value != null && !value.origin().description().equals(Variables.ORIGIN);
  }

  private Problem problem(String key, String message) {
    ConfigValue value = object.get(key);
    ConfigOrigin origin = value == null ? object.origin() : value.origin();
    String name = origin.filename() == null ? file : origin.filename();
    return new Problem(name, Math.max(0, origin.lineNumber()), pathOf(key), message);
  }

  private @Nullable ConfigValue value(String key) {
    known(key);
    return object.get(key);
  }

  private void known(String key) {
    known.add(key);
    problems.known(pathOf(key));
  }

  private @Nullable String textOf(String key, ConfigValue value) {
    if (value.valueType() == ConfigValueType.NULL) {
      error(key, "is null; leave the key out for the default");
      return null;
    }
    if (value instanceof ConfigObject || value instanceof ConfigList) {
      error(key, "is not a single value");
      return null;
    }
    boolean quoted = value.valueType() == ConfigValueType.STRING;
    String text = quoted ? String.valueOf(value.unwrapped()) : value.render();
    if (text.isBlank()) {
      error(key, "is empty");
      return null;
    }
    return text;
  }

  private String pathOf(String key) {
    String element = key.isEmpty() ? "\"\"" : ConfigUtil.joinPath(key);
    return path.isEmpty() ? element : path + "." + element;
  }
}
