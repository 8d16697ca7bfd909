package io.vaultkms.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

/** Who may use whom, in all modules. */
@AnalyzeClasses(packages = "io.vaultkms", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String MODEL = "io.vaultkms.model..";
  private static final String PLATFORM = "io.vaultkms.platform..";
  private static final String GENERATED = "io.vaultkms.platform.kms.v2..";
  private static final Map<String, String> SERVICES =
      Map.of(
          "config-watcher", "io.vaultkms.configwatcher..",
          "plugin-deployer", "io.vaultkms.deployer..",
          "migrator", "io.vaultkms.migrator..",
          "health-monitor", "io.vaultkms.health..");

  @ArchTest
  static final ArchRule modelIsFreeOfInputAndOutput =
      classes()
          .that()
          .resideInAPackage(MODEL)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              MODEL,
              "java.lang..",
              "java.util..",
              "java.time..",
              "java.nio",
              "java.nio.charset",
              "java.security",
              "java.net",
              "com.fasterxml.jackson.annotation..",
              "io.fabric8.generator.annotation",
              "org.jspecify.annotations..");

  @ArchTest
  static final ArchRule modelOpensNoConnection =
      noClasses()
          .that()
          .resideInAPackage(MODEL)
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.net\\.(URL|.*Socket|.*Connection).*");

  @ArchTest
  static final ArchRule modelHasNoClock =
      noClasses()
          .that()
          .resideInAPackage(MODEL)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  /** Another KMS provider is a matter of the configuration alone. */
  @ArchTest
  static final ArchRule nobodyKnowsAProviderByItsName =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vaultkms.model.config")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("io\\.vaultkms\\.model\\.config\\.(Vault|Transit).*");

  @ArchTest
  static final ArchRule platformUsesModelAlone =
      noClasses()
          .that()
          .resideInAPackage(PLATFORM)
          .should()
          .dependOnClassesThat(oursBut(MODEL, PLATFORM));

  @ArchTest
  static final ArchRule labUsesModelAndPlatformAlone =
      noClasses()
          .that()
          .resideInAPackage("io.vaultkms.lab..")
          .should()
          .dependOnClassesThat(oursBut(MODEL, PLATFORM, "io.vaultkms.lab.."));

  @ArchTest
  static final ArchRule commandLineUsesNoService =
      noClasses()
          .that()
          .resideInAPackage("io.vaultkms.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SERVICES.values().toArray(String[]::new));

  @ArchTest
  static void servicesUseModelAndPlatformAlone(
      com.tngtech.archunit.core.domain.JavaClasses classes) {
    SERVICES.forEach(
        (service, itsPackage) ->
            noClasses()
                .that()
                .resideInAPackage(itsPackage)
                .should()
                .dependOnClassesThat(oursBut(MODEL, PLATFORM, itsPackage))
                .as(service + " uses model and platform alone")
                .allowEmptyShould(true)
                .check(classes));
  }

  @ArchTest
  static final ArchRule onlyCompositionRootsReadTheEnvironment =
      noClasses()
          .that(areNot("composition roots", ArchitectureTest::isCompositionRoot))
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule packagesAreNamedForWhatTheyDo =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..impl..", "..common..", "..helper..");

  @ArchTest
  static final ArchRule classesAreNamedForWhatTheyAre =
      noClasses().should().haveNameMatching(".*(Utils?|Impl|Helper|Common)$");

  @ArchTest
  static final ArchRule packagesSayWhatTheyAreFor =
      classes().that().resideOutsideOfPackage(GENERATED).should(haveAPackageThatSaysWhatItIsFor());

  @ArchTest
  static final ArchRule packagesOfAServiceHaveNoCycles =
      SlicesRuleDefinition.slices().matching("io.vaultkms.(*).(*)..").should().beFreeOfCycles();

  private static DescribedPredicate<JavaClass> oursBut(String... packages) {
    return JavaClass.Predicates.resideInAPackage("io.vaultkms..")
        .and(
            DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(packages))
                .as("are of other modules"));
  }

  private static DescribedPredicate<JavaClass> areNot(
      String what, java.util.function.Predicate<JavaClass> isOne) {
    return DescribedPredicate.describe("are not " + what, type -> !isOne.test(type));
  }

  /** A class with a public static main: where a program is put together. */
  private static boolean isCompositionRoot(JavaClass type) {
    return type.getMethods().stream()
        .anyMatch(
            method ->
                method.getName().equals("main")
                    && method.getModifiers().contains(JavaModifier.STATIC)
                    && method.getModifiers().contains(JavaModifier.PUBLIC));
  }

  private static ArchCondition<JavaClass> haveAPackageThatSaysWhatItIsFor() {
    return new ArchCondition<>("be in a package with a package-info and @NullMarked") {
      private final Pattern nullMarked = Pattern.compile(".*\\.NullMarked");

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean says =
            type.getPackage().getAnnotations().stream()
                .anyMatch(
                    annotation -> nullMarked.matcher(annotation.getRawType().getName()).matches());
        if (!says) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getPackageName() + " has no package-info with @NullMarked"));
        }
      }
    };
  }
}
