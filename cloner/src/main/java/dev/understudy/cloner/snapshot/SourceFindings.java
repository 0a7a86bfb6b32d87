package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PreloadLibraries;
import dev.understudy.cloner.snapshot.Finding.Kind;
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
    return findings;
  }
}
