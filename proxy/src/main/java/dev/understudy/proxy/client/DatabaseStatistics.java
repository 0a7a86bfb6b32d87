package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What has been counted of one database of one environment.
 *
 * @param totals since the start
 * @param recent what of it came within the period
 * @param period that lies behind: one to two minutes, and less after the start
 */
public record DatabaseStatistics(DatabaseName name, Totals totals, Totals recent, Duration period) {
  public DatabaseStatistics {
    requireNonNull(name, "name is null");
    requireNonNull(totals, "totals is null");
    requireNonNull(recent, "recent is null");
    requireNonNull(period, "period is null");
  }
}
