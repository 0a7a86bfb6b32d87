package dev.understudy.proxy.console;

import dev.understudy.protocol.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The types of values, and how PostgreSQL writes them. */
public enum ColumnType {
  /** Of a {@link String}. */
  TEXT(25, -1) {
    @Override
    Bytes binary(Object value) {
      return Bytes.utf8(text(value));
    }
  },
  /** Of a {@link Long}. */
  INT8(20, Long.BYTES) {
    @Override
    Bytes binary(Object value) {
      return bytes((Long) value);
    }
  },
  /** Of an {@link Integer}. */
  INT4(23, Integer.BYTES) {
    @Override
    Bytes binary(Object value) {
      return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt((Integer) value).array());
    }
  },
  /** Of a {@link Long}, whole numbers that are not negative. */
  NUMERIC(1700, -1) {
    @Override
    Bytes binary(Object value) {
      return Numeric.binary((Long) value);
    }
  },
  /** Of a {@link Boolean}. */
  BOOL(16, 1) {
    @Override
    String text(Object value) {
      return (Boolean) value ? "t" : "f";
    }

    @Override
    Bytes binary(Object value) {
      return Bytes.of((byte) ((Boolean) value ? 1 : 0));
    }
  },
  /** Of an {@link Instant}; as text in UTC. */
  TIMESTAMPTZ(1184, Long.BYTES) {
    @Override
    String text(Object value) {
      return TIMESTAMP.format(((Instant) value).truncatedTo(ChronoUnit.MICROS));
    }

    @Override
    Bytes binary(Object value) {
      return bytes(ChronoUnit.MICROS.between(EPOCH, (Instant) value));
    }
  };

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSx").withZone(ZoneOffset.UTC);

  /** Of PostgreSQL. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final int oid;
  private final int size;

  ColumnType(int oid, int size) {
    this.oid = oid;
    this.size = size;
  }

  int oid() {
    return oid;
  }

  int size() {
    return size;
  }

  String text(Object value) {
    return value.toString();
  }

  abstract Bytes binary(Object value);

  private static Bytes bytes(long value) {
    return Bytes.of(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }
}
