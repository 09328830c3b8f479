package io.noderoleguard.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The function's surroundings on one machine are a second opinion: they know nothing of ours. */
@AnalyzeClasses(packages = "io.noderoleguard", importOptions = ImportOption.OnlyIncludeTests.class)
final class LocalPartsTest {

  @ArchTest
  static final ArchRule theServersOfTheTestsKnowNothingOfTheFunction =
      noClasses()
          .that()
          .resideInAPackage("io.noderoleguard.local..")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("io.noderoleguard..")
                  .and(JavaClass.Predicates.resideOutsideOfPackage("io.noderoleguard.local..")));

  @ArchTest
  static final ArchRule theirPackagesHaveNoCycles =
      slices().matching("io.noderoleguard.local.(**)").should().beFreeOfCycles();

  @ArchTest
  static void theirFilesHaveNoCycles(JavaClasses classes) {
    slices()
        .assignedFrom(new ByFile())
        .should()
        .beFreeOfCycles()
        .check(classes.that(JavaClass.Predicates.resideInAPackage("io.noderoleguard.local..")));
  }
}
