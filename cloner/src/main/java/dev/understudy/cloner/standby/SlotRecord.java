package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

/**
 * The content of {@code slot.json}: a replication slot on production that is ours to drop. Written
 * before it is made, removed after it is dropped.
 *
 * @param url of the production that has it; secret
 */
record SlotRecord(String name, String url) {
  SlotRecord {
    requireNonNull(name, "name is null");
    requireNonNull(url, "url is null");
  }

  @Override
  public String toString() {
    return "SlotRecord[" + name + "]";
  }
}
