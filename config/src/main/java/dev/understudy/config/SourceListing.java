package dev.understudy.config;

import static dev.understudy.config.SettingsListing.HIDDEN;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The settings of each source, for people. */
final class SourceListing {
  private final SettingsListing listing;

  SourceListing(SettingsListing listing) {
    this.listing = listing;
  }

  void add(Source source) {
    type(source);
    listing.add(key(source, "freeze"), source.fidelity().freeze(), true);
    listing.add(
        key(source, "event-triggers"),
        source.fidelity().keepEventTriggers() ? "keep" : "disable",
        "keep");
    listing.add(
        key(source, "snapshots", "schedule"),
        schedule(source.snapshots()),
        schedule(SnapshotPolicy.DEFAULT));
    listing.add(
        key(source, "snapshots", "keep"), source.snapshots().keep(), SnapshotPolicy.DEFAULT.keep());
    listing.add(key(source, "spares"), source.spares(), Source.SPARES);
    MaskPolicy mask = source.mask();
    if (mask != null) {
      listing.add(key(source, "mask", "key"), mask.key() == null ? null : HIDDEN, null);
      listing.add(key(source, "mask", "strict"), mask.strict(), true);
      mask.databases().forEach((name, database) -> mask(source, name, database));
    }
  }

  private static String key(Source source, String... elements) {
    List<String> path = new ArrayList<>(List.of("sources", source.name()));
    path.addAll(List.of(elements));
    return SettingsListing.path(path.toArray(String[]::new));
  }

  private static String schedule(SnapshotPolicy snapshots) {
    return snapshots.schedule() == null ? "never" : snapshots.schedule().expression();
  }

  private void type(Source source) {
    switch (source.type()) {
      case SourceType.Directory directory -> {
        listing.fixed(key(source, "type"), "directory", null);
        listing.fixed(key(source, "directory"), directory.path(), null);
        listing.fixed(key(source, "url"), url(directory.url()), null);
        listing.fixed(key(source, "share-blocks"), directory.shareBlocks(), false);
      }
      case SourceType.Standby standby -> {
        listing.fixed(key(source, "type"), "standby", null);
        listing.fixed(key(source, "url"), url(standby.url()), null);
        listing.fixed(key(source, "rate-limit"), rate(standby.rateLimit()), null);
        listing.fixed(
            key(source, "slot"), standby.slot() == null ? "false" : standby.slot(), "false");
        listing.fixed(
            key(source, "restore-command"), standby.restoreCommand() == null ? null : HIDDEN, null);
        listing.fixed(
            key(source, "collations"),
            SettingsListing.word(standby.collations()),
            SettingsListing.word(SourceType.Collations.REFUSE));
      }
      case SourceType.Dump dump -> {
        listing.fixed(key(source, "type"), "dump", null);
        listing.fixed(key(source, "url"), url(dump.url()), null);
        listing.fixed(key(source, "jobs"), dump.jobs(), SourceType.Dump.USUAL_JOBS);
        listing.fixed(key(source, "databases"), SettingsListing.list(dump.databases()), null);
        listing.fixed(
            key(source, "on-error"),
            SettingsListing.word(dump.onError()),
            SettingsListing.word(SourceType.Dump.OnError.BLOCK));
        listing.fixed(key(source, "exclude-extensions"), sorted(dump.excludedExtensions()), null);
        listing.fixed(key(source, "exclude-roles"), sorted(dump.excludedRoles()), null);
      }
    }
  }

  private static @Nullable String url(@Nullable Secret url) {
    return url == null ? null : ShownUrl.of(url);
  }

  private static @Nullable String rate(@Nullable Integer kilobytes) {
    if (kilobytes == null) {
      return null;
    }
    return kilobytes % 1024 == 0 ? kilobytes / 1024 + "M" : kilobytes + "k";
  }

  private static @Nullable String sorted(Collection<String> names) {
    return SettingsListing.list(new TreeSet<>(names));
  }

  private void mask(Source source, String database, DatabaseMask mask) {
    mask.columns()
        .forEach((column, rule) ->
            listing.add(
                key(source, "mask", "databases", database, "columns", column.toString()),
                rule(rule),
                null));
    mask.truncated()
        .forEach(table ->
            listing.add(
                key(source, "mask", "databases", database, "tables", table.toString()),
                "truncate",
                null));
    listing.add(
        key(source, "mask", "databases", database, "large-objects"),
        mask.largeObjects() == null ? null : SettingsListing.word(mask.largeObjects()),
        null);
    listing.add(
        key(source, "mask", "databases", database, "scripts"),
        SettingsListing.list(mask.scripts()),
        null);
  }

  private static String rule(MaskRule rule) {
    return switch (rule) {
      case MaskRule.Keep _ -> "keep";
      case MaskRule.Null _ -> "null";
      case MaskRule.Constant(String text) -> "{ constant = \"" + text + "\" }";
      case MaskRule.Hash _ -> "hash";
      case MaskRule.Email _ -> "email";
      case MaskRule.Name _ -> "name";
      case MaskRule.Phone _ -> "phone";
      case MaskRule.Partial(int first, int last) ->
          "{ partial { first = " + first + ", last = " + last + " } }";
    };
  }
}
