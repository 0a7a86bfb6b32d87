package dev.understudy.proxy.console;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.DataRow;
import dev.understudy.protocol.backend.RowDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the values of some columns are written to a client.
 *
 * @param binary for each column, whether in binary
 */
record Formats(List<Column> columns, List<Boolean> binary) {
  Formats {
    columns = List.copyOf(columns);
    binary = List.copyOf(binary);
  }

  static Formats text(List<Column> columns) {
    return of(columns, List.of());
  }

  /**
   * As a client asked for.
   *
   * @param codes as for {@link dev.understudy.protocol.frontend.Bind}
   */
  static Formats of(List<Column> columns, List<Integer> codes) {
    if (codes.size() > 1 && codes.size() != columns.size()) {
      throw new ProtocolException(
          "bind message has "
              + codes.size()
              + " result formats but query has "
              + columns.size()
              + " columns");
    }
    return new Formats(
        columns,
        IntStream.range(0, columns.size())
            .mapToObj(i -> !codes.isEmpty() && codes.get(codes.size() == 1 ? 0 : i) == 1)
            .toList());
  }

  RowDescription description() {
    List<RowDescription.Field> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      ColumnType type = column.type();
      fields.add(new RowDescription.Field(column.name(), type.oid(), type.size(), binary.get(i)));
    }
    return new RowDescription(fields);
  }

  DataRow row(List<@Nullable Object> values) {
    List<@Nullable Bytes> written = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      written.add(write(columns.get(i).type(), binary.get(i), values.get(i)));
    }
    return DataRow.of(written);
  }

  private static @Nullable Bytes write(ColumnType type, boolean binary, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return binary ? type.binary(value) : Bytes.utf8(type.text(value));
  }
}
