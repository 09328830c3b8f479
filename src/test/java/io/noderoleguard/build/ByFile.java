package io.noderoleguard.build;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Slices of a file each: a class with all that is nested in it. */
final class ByFile implements SliceAssignment {
  @Override
  public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
    return javaClass.getPackageName().startsWith("io.noderoleguard.")
        ? SliceIdentifier.of(outermost(javaClass).getName())
        : SliceIdentifier.ignore();
  }

  private static JavaClass outermost(JavaClass javaClass) {
    return javaClass.getEnclosingClass().map(ByFile::outermost).orElse(javaClass);
  }

  @Override
  public String getDescription() {
    return "files";
  }
}
