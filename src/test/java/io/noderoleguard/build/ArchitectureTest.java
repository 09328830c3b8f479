package io.noderoleguard.build;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.noderoleguard", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("lambda")
          .definedBy("io.noderoleguard.lambda")
          .layer("guard")
          .definedBy("io.noderoleguard.guard")
          .layer("iam")
          .definedBy("io.noderoleguard.iam")
          .layer("role")
          .definedBy("io.noderoleguard.role")
          .layer("policy")
          .definedBy("io.noderoleguard.policy")
          .layer("log")
          .definedBy("io.noderoleguard.log")
          .layer("json")
          .definedBy("io.noderoleguard.json")
          .whereLayer("lambda")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("guard")
          .mayOnlyBeAccessedByLayers("lambda")
          // lambda names iam in one place, where it wires the function together.
          .whereLayer("iam")
          .mayOnlyBeAccessedByLayers("guard", "lambda")
          .whereLayer("role")
          .mayOnlyBeAccessedByLayers("iam", "guard", "lambda")
          .whereLayer("policy")
          .mayOnlyBeAccessedByLayers("role")
          .whereLayer("log")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("json")
          .mayOnlyBeAccessedByLayers("policy", "lambda", "log");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.noderoleguard.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyIamKnowsTheAwsSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.noderoleguard.iam")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule onlyTheWiringNamesIamInLambda =
      noClasses()
          .that()
          .resideInAPackage("io.noderoleguard.lambda")
          .and()
          .doNotHaveSimpleName("GuardHandler")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.noderoleguard.iam");

  @ArchTest
  static final ArchRule onlyLambdaKnowsLambda =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.noderoleguard.lambda")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.amazonaws..");

  @ArchTest
  static final ArchRule onlyLambdaAndLogKnowPowertools =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.noderoleguard.lambda", "io.noderoleguard.log")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.lambda..");

  @ArchTest
  static final ArchRule onlyLogKnowsWhatWritesTheLog =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.noderoleguard.log")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ch.qos.logback..", "software.amazon.lambda.powertools.logging.internal..");

  @ArchTest
  static final ArchRule policyAndRoleArePure =
      classes()
          .that()
          .resideInAnyPackage(
              "io.noderoleguard.json", "io.noderoleguard.policy", "io.noderoleguard.role")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.noderoleguard.json",
                  "io.noderoleguard.policy",
                  "io.noderoleguard.role",
                  "com.fasterxml.jackson.core..",
                  "java.io",
                  "java.lang..",
                  "java.math",
                  "java.nio.charset",
                  "java.util..",
                  "org.jspecify.annotations"));
}
