package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PreloadLibraries;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.SourceCopy;
import java.util.ArrayList;
import java.util.List;

/** What of a source's was left out of its copy from the start. */
final class SourceFindings {
  private SourceFindings() {}

  static List<Finding> of(SourceCopy copy, PostgresBinaries binaries) {
    List<Finding> findings = new ArrayList<>();
    for (String setting : copy.leftBehind().settings()) {
      findings.add(new Finding(Kind.SETTING, null, setting, "left out"));
    }
    new PreloadLibraries(binaries.home())
        .leftOut(copy.settings())
        .forEach((name, why) -> findings.add(new Finding(Kind.PRELOADED_LIBRARY, null, name, why)));
    for (String slot : copy.leftBehind().slots()) {
      findings.add(new Finding(Kind.REPLICATION_SLOT, null, slot, "left out"));
    }
    for (LeftOut other : copy.leftBehind().others()) {
      findings.add(new Finding(kind(other.kind()), other.database(), other.name(), other.action()));
    }
    return findings;
  }

  private static Kind kind(LeftOut.Kind kind) {
    return switch (kind) {
      case SETTING -> Kind.SETTING;
      case ROLE -> Kind.ROLE;
      case DATABASE -> Kind.DATABASE;
      case SUBSCRIPTION -> Kind.SUBSCRIPTION;
      case PUBLICATION -> Kind.PUBLICATION;
      case EVENT_TRIGGER -> Kind.EVENT_TRIGGER;
      case EXTENSION -> Kind.MISSING_EXTENSION;
      case SECURITY_LABEL -> Kind.SECURITY_LABEL;
      case STATISTICS -> Kind.STATISTICS;
      case FAILED_OBJECT -> Kind.FAILED_OBJECT;
    };
  }
}
