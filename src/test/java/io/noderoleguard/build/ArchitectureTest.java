package io.noderoleguard.build;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The arrows of CONTRIBUTING: which package may know which. */
@AnalyzeClasses(packages = "io.noderoleguard", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final String ROOT = "io.noderoleguard.";

  /** Each package, and all of ours that it may know. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry(
              "lambda",
              Set.of(
                  "event",
                  "cloudformation",
                  "start",
                  "settings",
                  "guard",
                  "report",
                  "iam",
                  "aws",
                  "eks",
                  "cloudtrail",
                  "eventbridge",
                  "role",
                  "trail",
                  "json")),
          Map.entry("event", Set.of("cloudformation", "report", "trail", "json")),
          Map.entry("cloudformation", Set.of("settings", "guard", "report", "role", "json")),
          Map.entry("start", Set.of("guard", "report")),
          Map.entry("settings", Set.of("report", "role")),
          Map.entry("guard", Set.of("iam", "eks", "cloudtrail", "aws", "report", "role", "trail")),
          Map.entry("iam", Set.of("aws", "role")),
          Map.entry("eks", Set.of("aws", "role")),
          Map.entry("cloudtrail", Set.of("aws", "role", "trail", "json")),
          Map.entry("eventbridge", Set.of("aws", "role", "json")),
          Map.entry("aws", Set.of("json")),
          Map.entry("report", Set.of("role", "trail", "json")),
          Map.entry("trail", Set.of("json")),
          Map.entry("role", Set.of("policy", "json")),
          Map.entry("policy", Set.of("json")),
          Map.entry("json", Set.of()),
          Map.entry("log", Set.of("json")));

  @ArchTest
  static void arrowsPointOneWay(JavaClasses classes) {
    assertThat(classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .isEqualTo(ARROWS.keySet().stream().map(ROOT::concat).collect(Collectors.toSet()));
    for (var arrow : ARROWS.entrySet()) {
      Set<String> known = new TreeSet<>(arrow.getValue());
      known.add(arrow.getKey());
      classes()
          .that()
          .resideInAPackage(ROOT + arrow.getKey())
          .should()
          .onlyDependOnClassesThat(
              resideOutsideOfPackages("io.noderoleguard..")
                  .or(resideInAnyPackage(known.stream().map(ROOT::concat).toArray(String[]::new))))
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule filesHaveNoCycles =
      slices().assignedFrom(new ByFile()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyWhatCallsAwsKnowsTheAwsSdk =
      onlyThese("software.amazon.awssdk..", "aws", "iam", "eks", "cloudtrail", "eventbridge");

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

  @ArchTest static final ArchRule onlyLambdaKnowsLambda = onlyThese("com.amazonaws..", "lambda");

  @ArchTest static final ArchRule onlyStartTouchesTls = onlyThese("javax.net.ssl..", "start");

  @ArchTest
  static final ArchRule onlyStartTouchesCryptography = onlyThese("javax.crypto..", "start");

  @ArchTest
  static final ArchRule onlyTheEntryAndTheLogKnowPowertools =
      onlyThese("software.amazon.lambda..", "lambda", "start", "log");

  @ArchTest
  static final ArchRule onlyLogKnowsWhatWritesTheLog = onlyThese("ch.qos.logback..", "log");

  @ArchTest
  static final ArchRule onlyLogKnowsPowertoolsInside =
      onlyThese("software.amazon.lambda.powertools.logging.internal..", "log");

  private static ArchRule onlyThese(String library, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(Arrays.stream(packages).map(ROOT::concat).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  @ArchTest
  static final ArchRule onlyJsonKnowsJackson = onlyThese("com.fasterxml.jackson..", "json");

  @ArchTest
  static final ArchRule whatIsOnlyAboutRolesIsPure =
      classes()
          .that()
          .resideInAnyPackage(
              ROOT + "json", ROOT + "policy", ROOT + "role", ROOT + "report", ROOT + "trail")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.noderoleguard..",
                  "com.fasterxml.jackson.core..",
                  "java.io",
                  "java.lang..",
                  "java.math",
                  "java.nio.charset",
                  "java.time",
                  "java.util..",
                  "org.jspecify.annotations"));
}
