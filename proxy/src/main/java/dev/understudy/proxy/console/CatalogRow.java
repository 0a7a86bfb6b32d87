package dev.understudy.proxy.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The row that a system catalog has, where clients look for one and do not get on without it: the
 * console's database, the type {@code name}, a setting.
 */
final class CatalogRow {
  static final String DATABASE = "understudy";

  /** What of {@code pg_database} clients look at. */
  static final Map<String, String> OF_DATABASE =
      Map.of(
          "oid", "1",
          "datname", DATABASE,
          "datdba", "10",
          "encoding", "6",
          "datcollate", "C",
          "datctype", "C",
          "datistemplate", "f",
          "datallowconn", "t",
          "datconnlimit", "-1",
          "dattablespace", "1663");

  /** What functions make of that. */
  private static final Map<String, String> MADE_OF_DATABASE =
      Map.of("pg_encoding_to_char", "UTF8", "pg_get_userbyid", DATABASE);

  /** By its length drivers know how long an identifier may be. */
  private static final Map<String, String> OF_TYPE_NAME =
      Map.of("oid", "19", "typname", "name", "typlen", "64");

  private CatalogRow() {}

  /** The values of the columns; null: there is no row. */
  static @Nullable List<@Nullable Object> of(
      SelectParts parts, List<OutputColumn> columns, Parameters parameters) {
    if (parts.isOf("pg_database") && parts.mayBeAbout(DATABASE)) {
      List<@Nullable Object> values = new ArrayList<>();
      columns.forEach(column -> values.add(ofDatabase(column)));
      return values;
    }
    if (parts.isOf("pg_type") && parts.names("name")) {
      return whole(columns, OF_TYPE_NAME);
    }
    String setting = parts.isOf("pg_settings") ? parts.onlyName() : null;
    String value = setting == null ? null : parameters.get(setting);
    return setting == null || value == null
        ? null
        : whole(columns, Map.of("name", setting, "setting", value));
  }

  private static @Nullable String ofDatabase(OutputColumn column) {
    String attribute = column.attribute();
    if (attribute == null) {
      return null;
    }
    String value = OF_DATABASE.get(attribute);
    return value == null ? MADE_OF_DATABASE.get(attribute) : value;
  }

  /** Null also if anything is asked for that is not known: half a row misleads. */
  private static @Nullable List<@Nullable Object> whole(
      List<OutputColumn> columns, Map<String, String> row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (OutputColumn column : columns) {
      String attribute = column.attribute();
      String value = attribute == null ? null : row.get(attribute);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }
}
