package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What parameters a prepared statement takes.
 *
 * @param types of {@code pg_type}, one for each
 */
public record ParameterDescription(List<Integer> types) implements Answer {
  public ParameterDescription {
    types = List.copyOf(types);
  }

  @Override
  public byte type() {
    return 't';
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeShort(types.size());
    types.forEach(out::writeInt);
  }
}
