package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.DatabaseMask;
import dev.understudy.config.MaskPolicy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How the data of a source is masked, with all that the settings name read into memory, so that it
 * cannot change while the daemon runs.
 */
public final class Mask {
  /** To be counted up with every change in what is made of a value, or in what looks personal. */
  private static final int VERSION = 1;

  private final MaskPolicy policy;
  private final MaskKey key;
  private final Map<String, List<MaskScript>> scripts;

  private Mask(MaskPolicy policy, MaskKey key, Map<String, List<MaskScript>> scripts) {
    this.policy = policy;
    this.key = key;
    this.scripts = scripts;
  }

  /**
   * Reads the scripts, and the key of the data directory if the settings have none; makes that if
   * need be.
   *
   * @throws IOException naming the file
   */
  public static Mask load(MaskPolicy policy, Path dataDirectory) throws IOException {
    requireNonNull(policy, "policy is null");
    MaskKey key = policy.key() == null ? MaskKey.kept(dataDirectory) : MaskKey.of(policy.key());
    Map<String, List<MaskScript>> scripts = new LinkedHashMap<>();
    for (Map.Entry<String, DatabaseMask> database : policy.databases().entrySet()) {
      List<MaskScript> read = new ArrayList<>();
      for (Path path : database.getValue().scripts()) {
        read.add(script(path));
      }
      scripts.put(database.getKey(), List.copyOf(read));
    }
    return new Mask(policy, key, scripts);
  }

  private static MaskScript script(Path path) throws IOException {
    try {
      return new MaskScript(path, Files.readString(path));
    } catch (NoSuchFileException e) {
      throw new IOException("the script " + path + " of a mask: there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new IOException("the script " + path + " of a mask is not text in UTF-8", e);
    } catch (IOException e) {
      throw new IOException("the script " + path + " of a mask cannot be read: " + e, e);
    }
  }

  boolean strict() {
    return policy.strict();
  }

  SortedMap<String, DatabaseMask> databases() {
    return policy.databases();
  }

  DatabaseMask of(String database) {
    return policy.databases().getOrDefault(database, DatabaseMask.NOTHING);
  }

  List<MaskScript> scripts(String database) {
    return scripts.getOrDefault(database, List.of());
  }

  MaskKey key() {
    return key;
  }

  /**
   * The same for masks that make the same of the same data, and for no others. Tells neither the
   * key nor what it was made of.
   */
  public String digest() {
    StringBuilder all = new StringBuilder("mask " + VERSION + " strict " + policy.strict() + "\n");
    policy
        .databases()
        .forEach((name, database) -> {
          part(all, name);
          database
              .columns()
              .forEach((column, rule) -> {
                part(all, column.toString());
                part(all, rule.toString());
              });
          all.append("truncated\n");
          database.truncated().forEach(table -> part(all, table.toString()));
          part(all, String.valueOf(database.largeObjects()));
          scripts(name).forEach(script -> part(all, script.text()));
        });
    return HexFormat.of().formatHex(key.sign(all.toString()));
  }

  /** With its length, so that no two sequences of parts look the same. */
  private static void part(StringBuilder all, String text) {
    all.append(text.length()).append(' ').append(text).append('\n');
  }
}
