package dev.understudy.cloner.dump;

import dev.understudy.cloner.dump.DatabaseContents.EventTrigger;
import dev.understudy.cloner.dump.DatabaseContents.Extension;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of an archive, as {@code pg_restore --list} prints it, and what of it is restored.
 *
 * @param restored lines, in their order
 * @param ownerless lines of event triggers whose owner may have none here: they become ours
 * @param names of all entries, by number, for people
 */
record TableOfContents(List<String> restored, List<String> ownerless, Map<Integer, String> names) {
  private static final Pattern LINE =
      Pattern.compile("([0-9]+); ([0-9]+) ([0-9]+) ((?:[A-Z]+ )+)(.*)");
  private static final long EXTENSIONS = 3079;
  private static final long EVENT_TRIGGERS = 3466;

  TableOfContents {
    restored = List.copyOf(restored);
    ownerless = List.copyOf(ownerless);
    names = Map.copyOf(names);
  }

  /**
   * Reads the list.
   *
   * @param excluded extensions, with all that is theirs
   * @param leftOut event triggers
   * @param ownerless event triggers
   * @param roles that entries may belong to
   */
  static TableOfContents of(
      List<String> lines,
      List<Extension> excluded,
      List<EventTrigger> leftOut,
      List<EventTrigger> ownerless,
      Collection<String> roles) {
    Filter without = new Filter(excluded, leftOut);
    Filter later = new Filter(List.of(), ownerless);
    List<String> owners =
        roles.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    List<String> restored = new ArrayList<>();
    List<String> second = new ArrayList<>();
    Map<Integer, String> names = new HashMap<>();
    for (String line : lines) {
      Matcher entry = LINE.matcher(line);
      if (entry.matches()) {
        names.put(Integer.parseInt(entry.group(1)), name(entry.group(4), entry.group(5), owners));
        if (later.matches(entry)) {
          second.add(line);
        } else if (!without.matches(entry)) {
          restored.add(line);
        }
      }
    }
    return new TableOfContents(restored, second, names);
  }

  /** Kind, schema and name; the list has the owner's name behind. */
  private static String name(String kind, String rest, List<String> owners) {
    String name = rest.strip();
    for (String owner : owners) {
      if (name.endsWith(" " + owner)) {
        name = name.substring(0, name.length() - owner.length() - 1);
        break;
      }
    }
    int space = name.indexOf(' ');
    if (name.startsWith("- ")) {
      name = name.substring(2);
    } else if (space > 0) {
      name = name.substring(0, space) + "." + name.substring(space + 1);
    }
    return kind + name;
  }

  /** What is of these extensions and event triggers. */
  private static final class Filter {
    private final Set<Long> extensions = new HashSet<>();
    private final Set<Long> tables = new HashSet<>();
    private final Set<Long> triggers = new HashSet<>();
    private final Set<String> beginnings = new HashSet<>();

    Filter(List<Extension> excluded, List<EventTrigger> eventTriggers) {
      for (Extension extension : excluded) {
        extensions.add(extension.oid());
        tables.addAll(extension.tables());
        beginnings.add("COMMENT - EXTENSION " + quoted(extension.name()) + " ");
        extension.tableNames().forEach(name -> beginnings.add("SEQUENCE SET " + name + " "));
        for (String member : extension.members()) {
          beginnings.add("ACL " + member + " ");
          if (member.contains(" TABLE ")) {
            beginnings.add("ACL " + member.replaceFirst(" TABLE ", " COLUMN ") + ".");
          }
        }
      }
      for (EventTrigger trigger : eventTriggers) {
        triggers.add(trigger.oid());
        beginnings.add("COMMENT - EVENT TRIGGER " + quoted(trigger.name()) + " ");
      }
    }

    boolean matches(Matcher entry) {
      long catalog = Long.parseLong(entry.group(2));
      long oid = Long.parseLong(entry.group(3));
      String whole = entry.group(4) + entry.group(5) + " ";
      return (catalog == EXTENSIONS && extensions.contains(oid))
          || (catalog == EVENT_TRIGGERS && triggers.contains(oid))
          || (entry.group(4).equals("TABLE DATA ") && tables.contains(oid))
          || beginnings.stream().anyMatch(whole::startsWith);
    }

    /** As pg_dump writes identifiers, but for reserved words, which are no such names. */
    private static String quoted(String name) {
      return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
  }
}
