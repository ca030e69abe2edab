package io.kq.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows of docs/ARCHITECTURE.md, held over the class files of all modules. */
class ArchitectureTest {

    private static final JavaClasses KQ =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.kq");

    private static final String[] GENERATED = {"io.kq.v1..", "io.kq.internal.."};

    @Test
    void allModulesAreSeen() {
        assertThat(KQ.size()).isGreaterThan(100);
        for (String room :
                List.of("runtime", "protocol", "log", "metadata", "broker", "client", "cli")) {
            assertThat(KQ.stream().anyMatch(c -> c.getPackageName().startsWith("io.kq." + room)))
                    .as("classes of io.kq." + room)
                    .isTrue();
        }
    }

    @Test
    void modulesImportOnlyWhatTheyMay() {
        mayOnlyUse("io.kq.runtime..");
        mayOnlyUse("io.kq.protocol..", "io.kq.runtime..");
        mayOnlyUse("io.kq.log..", "io.kq.protocol..", "io.kq.runtime..");
        mayOnlyUse("io.kq.metadata..", "io.kq.protocol..", "io.kq.runtime..");
        mayOnlyUse(
                "io.kq.broker..",
                "io.kq.log..",
                "io.kq.metadata..",
                "io.kq.protocol..",
                "io.kq.runtime..");
        mayOnlyUse("io.kq.client..", "io.kq.protocol..", "io.kq.runtime..");
        mayOnlyUse(
                "io.kq.cli..",
                "io.kq.client..",
                "io.kq.protocol..",
                "io.kq.runtime..",
                "io.kq.log..");
    }

    private static void mayOnlyUse(String module, String... allowed) {
        String[] all = new String[allowed.length + 3];
        all[0] = module;
        all[1] = GENERATED[0];
        all[2] = GENERATED[1];
        System.arraycopy(allowed, 0, all, 3, allowed.length);
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.kq..").and(not(resideInAnyPackage(all))))
                .allowEmptyShould(true)
                .check(KQ);
    }

    @Test
    void onlyInspectionTouchesTheLogStoreFromTheCommandLine() {
        noClasses()
                .that()
                .resideInAPackage("io.kq.cli..")
                .and()
                .resideOutsideOfPackage("io.kq.cli.inspect..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kq.log..")
                .allowEmptyShould(true)
                .check(KQ);
    }

    @Test
    void librariesStayInTheRoomsThatHaveTheirPassport() {
        passport("org.apache.ratis..", "io.kq.metadata.raft..");
        passport("org.rocksdb..", "io.kq.log.index..");
        passport("io.grpc..", "io.kq..rpc..", "io.kq.v1..", "io.kq.internal..");
        passport("io.netty..", "io.kq..rpc..");
        passport("java.nio.channels..", "io.kq.log.io..", "io.kq.runtime.io..");
        passport("info.picocli..", "io.kq.cli..");
        passport("picocli..", "io.kq.cli..");
        passport(
                "com.google.protobuf..",
                "io.kq.protocol..",
                "io.kq..rpc..",
                "io.kq..codec..",
                "io.kq.v1..",
                "io.kq.internal..");
        passport(
                "io.kq.v1..",
                "io.kq.protocol..",
                "io.kq..rpc..",
                "io.kq..codec..",
                "io.kq.v1..",
                "io.kq.internal..");
        passport(
                "io.kq.internal..",
                "io.kq.protocol..",
                "io.kq..rpc..",
                "io.kq..codec..",
                "io.kq.internal..");
    }

    private static void passport(String library, String... rooms) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .as("only " + String.join(", ", rooms) + " may use " + library)
                .allowEmptyShould(true)
                .check(KQ);
    }

    @Test
    void timeThreadsAndChanceComeFromTheRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.kq.runtime..", "io.kq.v1..", "io.kq.internal..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors")
                .check(KQ);
    }

    @Test
    void decidedFactsAndImagesArePure() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.kq.metadata.record..",
                        "io.kq.metadata.image..",
                        "io.kq.metadata.placement..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "io.kq.runtime.io..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.kq.runtime.Clock")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.kq.runtime.RandomSource")
                .check(KQ);
    }

    /** Time and chance come to them as arguments; threads, files and logs not at all. */
    @Test
    void decisionsArePure() {
        noClasses()
                .that()
                .resideInAnyPackage("io.kq.metadata.decision..", "io.kq..core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "io.kq.runtime.io..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.kq.runtime.Clock")
                .check(KQ);
    }

    @Test
    void noCyclesBetweenPackages() {
        slices().matching("io.kq.(**)").should().beFreeOfCycles().check(KQ.that(handWritten()));
    }

    private static DescribedPredicate<JavaClass> handWritten() {
        return not(resideInAnyPackage(GENERATED)).as("hand-written");
    }

    @Test
    void classesDoNotInheritFromEachOther() {
        classes()
                .that(handWritten())
                .should(
                        new ArchCondition<>("extend no class of kq") {
                            @Override
                            public void check(JavaClass item, ConditionEvents events) {
                                item.getRawSuperclass()
                                        .filter(s -> s.getPackageName().startsWith("io.kq"))
                                        .filter(handWritten())
                                        .filter(s -> !s.isEnum())
                                        .ifPresent(
                                                s ->
                                                        events.add(
                                                                SimpleConditionEvent.violated(
                                                                        item,
                                                                        item.getName()
                                                                                + " extends "
                                                                                + s.getName())));
                            }
                        })
                .check(KQ);
    }

    @Test
    void namesSayARole() {
        Pattern banned =
                Pattern.compile("(Manager|Util|Utils|Helper|Impl|Common|Misc|Data)(?![a-z])");
        Set<String> found = new TreeSet<>();
        for (JavaClass type : KQ.that(handWritten())) {
            if (banned.matcher(type.getSimpleName()).find()) {
                found.add(type.getName());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void staticStateIsConstant() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : KQ.that(handWritten())) {
            type.getFields().stream()
                    .filter(f -> f.getModifiers().contains(JavaModifier.STATIC))
                    .filter(f -> !f.getModifiers().contains(JavaModifier.FINAL))
                    .forEach(f -> found.add(f.getFullName()));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void packagesHoldBetweenOneAndTwentyTopLevelTypes() {
        Map<String, Integer> sizes = new TreeMap<>();
        for (JavaClass type : KQ.that(handWritten())) {
            if (!type.getName().contains("$") && !type.getSimpleName().equals("package-info")) {
                sizes.merge(type.getPackageName(), 1, Integer::sum);
            }
        }
        assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isBetween(1, 20));
    }
}
