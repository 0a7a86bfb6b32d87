package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** What the rows that follow consist of. */
public record RowDescription(List<Field> fields) implements Answer {
  private static final int NO_TABLE = 0;
  private static final int NO_MODIFIER = -1;

  public RowDescription {
    fields = List.copyOf(fields);
  }

  /**
   * A column that comes from no table.
   *
   * @param typeOid of {@code pg_type}
   * @param typeSize in bytes; -1 where it varies
   * @param binary how its values are written; else as text
   */
  public record Field(String name, int typeOid, int typeSize, boolean binary) {
    public Field {
      requireNonNull(name, "name is null");
    }
  }

  @Override
  public byte type() {
    return 'T';
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeShort(fields.size());
    for (Field field : fields) {
      writeString(out, field.name);
      out.writeInt(NO_TABLE).writeShort(NO_TABLE);
      out.writeInt(field.typeOid).writeShort(field.typeSize).writeInt(NO_MODIFIER);
      out.writeShort(field.binary ? 1 : 0);
    }
  }
}
