package dev.understudy.cloner.dump;

import dev.understudy.cloner.dump.DatabaseContents.EventTrigger;
import dev.understudy.cloner.dump.DatabaseContents.Extension;
import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.LeftOut.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What of one database is not restored, or not as it is.
 *
 * @param extensions with all that is theirs
 * @param eventTriggers of roles that are left out
 * @param ownerless event triggers of roles that may have none, as PostgreSQL itself has it
 */
record Omissions(
    DatabaseContents contents,
    List<Extension> extensions,
    List<EventTrigger> eventTriggers,
    List<EventTrigger> ownerless) {
  Omissions {
    extensions = List.copyOf(extensions);
    eventTriggers = List.copyOf(eventTriggers);
    ownerless = List.copyOf(ownerless);
  }

  static Omissions of(DatabaseContents contents, Exclusions exclusions, Set<String> available) {
    return new Omissions(
        contents,
        contents.excluded(exclusions, available),
        contents.eventTriggers().stream()
            .filter(trigger -> exclusions.isRole(trigger.owner()))
            .toList(),
        contents.eventTriggers().stream()
            .filter(trigger -> !exclusions.isRole(trigger.owner()) && !trigger.superuser())
            .toList());
  }

  TableOfContents select(List<String> lines, Collection<String> roles) {
    return TableOfContents.of(lines, extensions, eventTriggers, ownerless, roles);
  }

  List<LeftOut> told() {
    List<LeftOut> told = new ArrayList<>();
    extensions.forEach(
        extension -> tell(told, Kind.EXTENSION, extension.name(), "left out: it is not here"));
    eventTriggers.forEach(trigger ->
        tell(told, Kind.EVENT_TRIGGER, trigger.name(), "left out: it is of " + trigger.owner()));
    ownerless.forEach(trigger ->
        tell(
            told,
            Kind.EVENT_TRIGGER,
            trigger.name(),
            "belongs to the superuser: %s is none".formatted(trigger.owner())));
    contents.subscriptions().forEach(name -> tell(told, Kind.SUBSCRIPTION, name, "left out"));
    contents.publications().forEach(name -> tell(told, Kind.PUBLICATION, name, "left out"));
    contents
        .labelProviders()
        .forEach(name ->
            tell(
                told,
                Kind.SECURITY_LABEL,
                "those of " + name,
                "left out: nobody here provides them"));
    return told;
  }

  private void tell(List<LeftOut> told, Kind kind, String name, String action) {
    told.add(new LeftOut(kind, contents.name(), name, action));
  }
}
