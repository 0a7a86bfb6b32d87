package dev.understudy.server.http.source;

import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.server.operate.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a snapshot, as it is told.
 *
 * @param database null: of the whole cluster
 * @param action what became of it
 */
record FindingBody(String kind, @Nullable String database, String name, String action) {
  static FindingBody of(Finding finding) {
    return new FindingBody(
        Vocabulary.kind(finding), finding.database(), finding.name(), finding.action());
  }
}
