package io.vaultkms.model;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.Set;

/**
 * The model only thinks: it neither reads nor writes, knows no time of its own, and rolls no dice.
 */
@AnalyzeClasses(packagesOf = ModelArchitectureTest.class, importOptions = DoNotIncludeTests.class)
class ModelArchitectureTest {
  private static final DescribedPredicate<JavaClass> ALLOWED =
      resideInAPackage("io.vaultkms.model..")
          .or(
              resideInAnyPackage(
                  "java.lang",
                  "java.lang.annotation",
                  "java.lang.constant",
                  "java.lang.invoke",
                  "java.lang.runtime",
                  "java.nio.charset",
                  "java.time",
                  "java.time.temporal",
                  "java.util",
                  "java.util.function",
                  "java.util.regex",
                  "java.util.stream",
                  "com.fasterxml.jackson.annotation",
                  "io.fabric8.generator.annotation",
                  "org.jspecify.annotations"))
          .or(
              belongToAnyOf(
                  ByteBuffer.class,
                  MessageDigest.class,
                  NoSuchAlgorithmException.class,
                  Serializable.class))
          .or(DescribedPredicate.describe("a primitive", JavaClass::isPrimitive))
          .or(DescribedPredicate.describe("an array", JavaClass::isArray));

  private static final DescribedPredicate<JavaClass> FORBIDDEN =
      belongToAnyOf(
          java.time.Clock.class,
          System.class,
          Thread.class,
          ThreadLocal.class,
          Runtime.class,
          Process.class,
          ProcessBuilder.class,
          ClassLoader.class,
          Random.class,
          java.util.Scanner.class,
          java.util.Timer.class,
          java.util.ServiceLoader.class);

  private static final Set<String> READS_THE_MACHINE =
      Set.of("now", "systemDefault", "randomUUID", "random", "getResource", "getResourceAsStream");

  @ArchTest
  static final ArchRule standsOnNothingButValuesAndAnnotations =
      classes()
          .should()
          .onlyDependOnClassesThat(ALLOWED.and(not(FORBIDDEN)))
          .as("the model stands on nothing but plain values and annotations")
          .because("streams, files, sockets, threads, logs and frameworks belong to the services");

  @ArchTest
  static final ArchRule isGivenTheTimeAndAllElseThatChanges =
      noClasses()
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "asks the machine for time, chance or resources",
                  (JavaAccess<?> access) ->
                      READS_THE_MACHINE.contains(access.getTarget().getName())
                          && !access.getTargetOwner().getPackageName().startsWith("io.vaultkms")))
          .because("the same observation must always give the same step");

  @ArchTest
  static final ArchRule printsNothing =
      noClasses().should().callMethod(Throwable.class, "printStackTrace");

  @ArchTest
  static final ArchRule packagesHaveAnOrder =
      slices().matching("io.vaultkms.model.(*)..").should().beFreeOfCycles();
}
