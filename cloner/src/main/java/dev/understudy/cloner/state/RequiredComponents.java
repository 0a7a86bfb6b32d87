package dev.understudy.cloner.state;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** All components of a record must be in the file, but for those that are {@link AddedLater}. */
final class RequiredComponents extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public Boolean hasRequiredMarker(AnnotatedMember member) {
    return !member.hasAnnotation(AddedLater.class);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated member) {
    return member.hasAnnotation(AddedLater.class) && member.getRawType().isPrimitive()
        ? JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)
        : super.findSetterInfo(member);
  }
}
