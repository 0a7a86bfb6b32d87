package dev.understudy.protocol.backend;

import dev.understudy.protocol.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row.
 *
 * @param values as the fields of the description say; null is NULL
 */
public record DataRow(List<@Nullable Bytes> values) implements Answer {
  private static final int NULL = -1;

  public DataRow {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  public static DataRow of(List<@Nullable Bytes> values) {
    return new DataRow(values);
  }

  @Override
  public byte type() {
    return 'D';
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeShort(values.size());
    for (Bytes value : values) {
      if (value == null) {
        out.writeInt(NULL);
      } else {
        out.writeInt(value.length());
        value.writeTo(out);
      }
    }
  }
}
