package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.AESCBC;
import static io.vaultkms.model.decision.Config.AESGCM;
import static io.vaultkms.model.decision.Config.A_AUTH_NAMESPACE;
import static io.vaultkms.model.decision.Config.A_CONTENTS;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.A_SECRET;
import static io.vaultkms.model.decision.Config.A_TLS;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.B_CONTENTS;
import static io.vaultkms.model.decision.Config.B_IMAGE;
import static io.vaultkms.model.decision.Config.B_KEY_PATH;
import static io.vaultkms.model.decision.Config.B_NAMESPACE;
import static io.vaultkms.model.decision.Config.C_CONTENTS;
import static io.vaultkms.model.decision.Config.PLAIN;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The eight rules of the state machine, each row a sentence. */
class DecisionTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "rule1Convergence",
    "rule2ReadWriteMigrateRetire",
    "rule3Identity",
    "rule4NewKeys",
    "rule5InPlace",
    "rule5OlderKeys",
    "rule5Turns",
    "rule6Preflight",
    "rule7Pruning",
    "rule8UnstableConfiguration"
  })
  void says(String sentence, World world, String step) {
    assertThat(StepWords.of(Decision.next(world.seen()))).isEqualTo(step);
  }

  private static Arguments row(String sentence, World world, String step) {
    return arguments(sentence, world, step);
  }

  static Stream<Arguments> rule1Convergence() {
    return Stream.of(
        row(
            "one node without the newest bundle holds everything",
            plain().wants(A).minted(1, A).bundle("1").lagging("node-2"),
            "await CONVERGENCE: node-2"),
        row(
            "all nodes without it are named",
            plain().wants(A).minted(1, A).bundle("1").lagging("node-1", "node-2", "node-3"),
            "await CONVERGENCE: node-1,node-2,node-3"),
        row(
            "a report of exactly two minutes still counts",
            plain().wants(A).minted(1, A).bundle("1").silentFor(seconds(120), "node-2"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "an older report says nothing any more",
            plain().wants(A).minted(1, A).bundle("1").silentFor(seconds(121), "node-2"),
            "await CONVERGENCE: node-2"),
        row(
            "a node that has just appeared holds everything until it reports",
            plain().wants(A).migrated(1, A).bundle("1*").newNode("node-4"),
            "await CONVERGENCE: node-4"),
        row(
            "a new key waits for a silent node too",
            plain().wants(B_ADDRESS).migrated(1, A).bundle("1*").silentFor(seconds(300), "node-1"),
            "await CONVERGENCE: node-1"),
        row(
            "without any bundle there is nothing to converge on",
            plain().wants(A).silentFor(seconds(300), "node-1"),
            "preflight A as key 1"),
        row(
            "a bundle and no node at all needs a person",
            plain().wants(A).migrated(1, A).bundle("1*").withoutNodes(),
            "blocked: NO_NODES"),
        row(
            "a bundle that nodes have and that is gone needs a person",
            plain().wants(A).minted(1, A).bundle("1*").withoutBundle(),
            "blocked: BUNDLE_MISSING"),
        row(
            "so does one that is gone with all the nodes that had it, and data is under its key",
            plain()
                .wants(A)
                .migratedOnly(1, A, "secrets")
                .bundle("1*")
                .withoutBundle()
                .withoutNodes(),
            "blocked: BUNDLE_MISSING"),
        row(
            "a first key and no node at all needs a person",
            plain().wants(A).withoutNodes(),
            "blocked: NO_NODES"));
  }

  static Stream<Arguments> rule2ReadWriteMigrateRetire() {
    return Stream.of(
        row(
            "a new key is readable everywhere before it does anything else",
            plain().wants(A).minted(1, A),
            "roll out READ_KEY 1: 1"),
        row(
            "a key that is readable everywhere begins to write",
            plain().wants(A).minted(1, A).bundle("1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "when it writes everywhere, data is migrated",
            plain().wants(A).minted(1, A).bundle("1*"),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        row(
            "only the resources that are left are migrated",
            plain().wants(A).migratedOnly(1, A, "secrets").bundle("1*"),
            "migrate configmaps to key 1: NEW_KEY"),
        row(
            "when everything is migrated and nothing older is there, all is settled",
            plain().wants(A).migrated(1, A).bundle("1*"),
            "settled: KMS 1"),
        row(
            "a second key is added beside the one that writes",
            plain().wants(B_ADDRESS).migrated(1, A).bundle("1*").minted(2, B_ADDRESS),
            "roll out READ_KEY 2: 2 1*"),
        row(
            "the second key is promoted and the first stays readable",
            plain().wants(B_ADDRESS).migrated(1, A).minted(2, B_ADDRESS).bundle("2 1*"),
            "roll out WRITE_KEY 2: 2* 1"),
        row(
            "the last fully migrated key is kept for backups",
            plain().wants(B_ADDRESS).migrated(1, A).migrated(2, B_ADDRESS).bundle("2* 1"),
            "settled: KMS 2"),
        row(
            "what writes a resource that the component had once stays",
            plain()
                .wants(B_ADDRESS)
                .migrated(1, A)
                .migrated(2, B_KEY_PATH)
                .migrated(3, B_ADDRESS)
                .bundleBut("3* 2 1", "routes.route.openshift.io", "1*"),
            "settled: KMS 3"),
        row(
            "and only that",
            plain()
                .wants(B_ADDRESS)
                .migrated(1, A)
                .migrated(2, B_KEY_PATH)
                .migrated(3, B_ADDRESS)
                .bundleBut("3* 2 1", "routes.route.openshift.io", "2* 1"),
            "roll out RETIRE 3: 3* 2 | 2*"),
        row(
            "read keys older than that go",
            plain()
                .wants(B_KEY_PATH)
                .migrated(1, A)
                .migrated(2, B_ADDRESS)
                .migrated(3, B_KEY_PATH)
                .bundle("3* 2 1"),
            "roll out RETIRE 3: 3* 2"),
        row(
            "no read key goes while one resource is not migrated",
            plain()
                .wants(B_KEY_PATH)
                .migrated(1, A)
                .migrated(2, B_ADDRESS)
                .migratedOnly(3, B_KEY_PATH, "secrets")
                .bundle("3* 2 1"),
            "migrate configmaps to key 3: NEW_KEY"),
        row(
            "an older key that was never fully migrated is not the one for backups",
            plain()
                .wants(B_KEY_PATH)
                .migrated(1, A)
                .migratedOnly(2, B_ADDRESS, "secrets")
                .migrated(3, B_KEY_PATH)
                .bundle("3* 2 1"),
            "roll out RETIRE 3: 3* 1"),
        row(
            "when one resource reads the key and another does not, it is not promoted yet",
            plain().wants(A).minted(1, A).bundleBut("1", "secrets", ""),
            "roll out READ_KEY 1: 1"),
        row(
            "when one resource writes with the key and another does not, that one follows",
            plain().wants(A).minted(1, A).bundleBut("1*", "secrets", "1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "a resource added to the component gets the newest key as its read key",
            plain().wants(A).migrated(1, A).bundle("1*").withResource("routes"),
            "roll out READ_KEY 1: 1* | 1"),
        row(
            "then as its write key",
            plain().wants(A).migrated(1, A).withResource("routes").bundleBut("1*", "routes", "1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "then its data alone is migrated",
            plain().wants(A).migrated(1, A).withResource("routes").bundle("1*"),
            "migrate routes to key 1: NEW_KEY"));
  }

  static Stream<Arguments> rule3Identity() {
    return Stream.of(
        row("plaintext that was never left is settled", plain(), "settled: identity -"),
        row(
            "switching off mints a key of mode identity, without preflight",
            plain().wants(PLAIN).migrated(1, A).bundle("1*"),
            "mint key 2 identity: mode-changed-from-KMS"),
        row(
            "the identity key is a read key first",
            plain().wants(PLAIN).migrated(1, A).bundle("1*").minted(2, PLAIN),
            "roll out READ_KEY 2: 2 1*"),
        row(
            "then plaintext is written and the old key still reads",
            plain().wants(PLAIN).migrated(1, A).minted(2, PLAIN).bundle("2 1*"),
            "roll out WRITE_KEY 2: 2* 1"),
        row(
            "then data is migrated to plaintext",
            plain().wants(PLAIN).migrated(1, A).minted(2, PLAIN).bundle("2* 1"),
            "migrate configmaps,secrets to key 2: NEW_KEY"),
        row(
            "then plaintext is settled, and the old key kept for backups",
            plain().wants(PLAIN).migrated(1, A).migrated(2, PLAIN).bundle("2* 1"),
            "settled: identity 2"),
        row(
            "plaintext does not age",
            plain()
                .wants(PLAIN)
                .migrated(1, A)
                .migrated(2, PLAIN, Duration.ofDays(400))
                .bundle("2* 1"),
            "settled: identity 2"));
  }

  static Stream<Arguments> rule4NewKeys() {
    World settled = plain().migrated(1, A).bundle("1*");
    return Stream.of(
        row(
            "the first key of a local mode needs no preflight",
            plain().wants(AESCBC),
            "mint key 1 aescbc: first-key"),
        row("the first key of a KMS needs one", plain().wants(A), "preflight A as key 1"),
        row(
            "another address asks for a new key",
            plain().wants(B_ADDRESS).migrated(1, A).bundle("1*"),
            "preflight B_ADDRESS as key 2"),
        row(
            "another namespace asks for a new key",
            plain().wants(B_NAMESPACE).migrated(1, A).bundle("1*"),
            "preflight B_NAMESPACE as key 2"),
        row(
            "another key path asks for a new key",
            plain().wants(B_KEY_PATH).migrated(1, A).bundle("1*"),
            "preflight B_KEY_PATH as key 2"),
        row(
            "the reason of a moved KMS key is told",
            plain()
                .wants(B_KEY_PATH)
                .migrated(1, A)
                .bundle("1*")
                .asked("r2", 2, B_KEY_PATH)
                .allPassed("r2"),
            "mint key 2 KMS: kms-key-changed"),
        row(
            "aescbc to KMS is a new key",
            plain().wants(A).migrated(1, AESCBC).bundle("1*").asked("r", 2, A).allPassed("r"),
            "mint key 2 KMS: mode-changed-from-aescbc"),
        row(
            "KMS to aesgcm is a new key",
            plain().wants(AESGCM).migrated(1, AESCBC).migrated(2, A).bundle("2* 1"),
            "mint key 3 aesgcm: mode-changed-from-KMS"),
        row(
            "a local key lives for exactly a week after its migration",
            plain().wants(AESCBC).migrated(1, AESCBC, Duration.ofDays(7)).bundle("1*"),
            "settled: aescbc 1"),
        row(
            "and is replaced after that",
            plain()
                .wants(AESCBC)
                .migrated(1, AESCBC, Duration.ofDays(7).plusSeconds(1))
                .bundle("1*"),
            "mint key 2 aescbc: rotation-interval-has-passed"),
        row(
            "a KMS key does not age",
            plain().wants(A).migrated(1, A, Duration.ofDays(400)).bundle("1*"),
            "settled: KMS 1"),
        row("what is as wanted is left alone", settled.wants(A), "settled: KMS 1"),
        row(
            "a key on its way as read key is finished before another is begun",
            plain().wants(B_ADDRESS).minted(1, A).bundle("1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "a key that is minted and not rolled out is finished too",
            plain().wants(B_ADDRESS).minted(1, A),
            "roll out READ_KEY 1: 1"),
        row(
            "a mind changed during the migration waits for its end",
            plain().wants(PLAIN).minted(1, A).bundle("1*"),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        row(
            "after it, the changed mind has its turn",
            plain().wants(PLAIN).migrated(1, A).bundle("1*"),
            "mint key 2 identity: mode-changed-from-KMS"),
        row(
            "with three keys in use the oldest goes before a new one comes",
            plain()
                .wants(A)
                .migrated(1, A)
                .migrated(2, B_ADDRESS)
                .migrated(3, B_KEY_PATH)
                .bundle("3* 2 1"),
            "roll out RETIRE 3: 3* 2"),
        row(
            "a key in use whose Secret is gone stops everything",
            plain().wants(A).migrated(1, A).bundle("1*").withoutKeySecret(1),
            "blocked: KEY_MISSING"),
        row(
            "so does the one for backups",
            plain()
                .wants(B_ADDRESS)
                .migrated(1, A)
                .migrated(2, B_ADDRESS)
                .bundle("2* 1")
                .withoutKeySecret(1),
            "blocked: KEY_MISSING"),
        row(
            "a Secret that is gone and was in no bundle frees its number",
            plain().wants(A).migrated(1, B_ADDRESS).bundle("1*").minted(2, A).withoutKeySecret(2),
            "preflight A as key 2"));
  }

  static Stream<Arguments> rule5InPlace() {
    return Stream.of(
        inPlace("another image", A_IMAGE),
        inPlace("other TLS settings", A_TLS),
        inPlace("another Secret to log in with", A_SECRET),
        inPlace("another namespace to log in at", A_AUTH_NAMESPACE),
        inPlace("other contents of the same Secret", A_CONTENTS),
        row(
            "when preflight has passed the newest key's Secret is updated",
            plain()
                .wants(A_IMAGE)
                .migrated(1, A)
                .bundle("1*")
                .asked("r", 1, A_IMAGE)
                .allPassed("r"),
            "update key 1 to A_IMAGE"),
        row(
            "an updated Secret is one rollout",
            plain().wants(A_IMAGE).migrated(1, A).bundle("1*").migrated(1, A_IMAGE),
            "roll out IN_PLACE 1: 1*"),
        row(
            "and no migration after it",
            plain().wants(A_IMAGE).migrated(1, A_IMAGE).bundle("1*"),
            "settled: KMS 1"),
        row(
            "an older key for the same remote key keeps its own image",
            plain().wants(A_IMAGE).migrated(1, A).migrated(2, A_IMAGE).bundle("2* 1"),
            "settled: KMS 2"),
        row(
            "a key that is not rolled out yet is mended before it goes out",
            plain().wants(A_IMAGE).minted(1, A).asked("r", 1, A_IMAGE).allPassed("r"),
            "update key 1 to A_IMAGE"),
        row(
            "the mend of a key that keeps nodes from converging asks for its preflight",
            plain().wants(A_IMAGE).minted(1, A).bundle("1").lagging("node-1"),
            "preflight A_IMAGE as key 1"),
        row(
            "is let through",
            plain()
                .wants(A_IMAGE)
                .minted(1, A)
                .bundle("1")
                .lagging("node-1")
                .asked("r", 1, A_IMAGE)
                .allPassed("r"),
            "update key 1 to A_IMAGE"),
        row(
            "and rolled out over the bundle that has not converged",
            plain().wants(A_IMAGE).minted(1, A).bundle("1").lagging("node-1").minted(1, A_IMAGE),
            "roll out IN_PLACE 1: 1"),
        row(
            "while the preflight of a mend is on, the key goes on its way",
            plain()
                .wants(A_IMAGE)
                .minted(1, A)
                .bundle("1")
                .asked("r", 1, A_IMAGE)
                .passed("r", "node-1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "a mend whose preflight fails holds up nothing that is on its way",
            plain()
                .wants(A_IMAGE)
                .minted(1, A)
                .bundle("1*")
                .asked("r", 1, A_IMAGE)
                .failed("r", "node-1", "sealed"),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        row(
            "and is told when there is nothing else to do",
            plain()
                .wants(A_IMAGE)
                .migrated(1, A)
                .bundle("1*")
                .asked("r", 1, A_IMAGE)
                .failed("r", "node-1", "sealed"),
            "blocked: PREFLIGHT_FAILED"),
        row(
            "a key that others wrote is taken over with one rollout: preflight",
            plain().wants(A).migrated(1, A).byOthers(1).bundle("1*"),
            "preflight A as key 1"),
        row(
            "a key that others wrote is taken over with one rollout: bundle",
            plain().wants(A).migrated(1, A).byOthers(1).bundle("1*").migrated(1, A),
            "roll out IN_PLACE 1: 1*"));
  }

  static Stream<Arguments> rule5OlderKeys() {
    return Stream.of(
        row(
            "the newest key gets new contents before an older one that refers to them too",
            moved().wants(B_CONTENTS).now(1, A_CONTENTS),
            "preflight B_CONTENTS as key 2"),
        row(
            "then the older one, after a preflight of its own configuration",
            renewed().now(1, A_CONTENTS),
            "preflight A_CONTENTS as key 1"),
        row(
            "no verdict for the newest key's counts for it",
            renewed().now(1, A_CONTENTS).asked("r", 2, B_CONTENTS).allPassed("r"),
            "preflight A_CONTENTS as key 1"),
        row(
            "nor one for other contents",
            renewed().now(1, A_CONTENTS).asked("r", 1, A).allPassed("r"),
            "preflight A_CONTENTS as key 1"),
        row(
            "every node has to have tried them",
            renewed().now(1, A_CONTENTS).asked("r", 1, A_CONTENTS).passed("r", "node-1"),
            "await PREFLIGHT: node-2,node-3"),
        row(
            "when that has passed its Secret is updated",
            renewed().now(1, A_CONTENTS).asked("r", 1, A_CONTENTS).allPassed("r"),
            "update key 1 to A_CONTENTS"),
        row(
            "which is one rollout",
            renewed().migrated(1, A_CONTENTS).now(1, A_CONTENTS),
            "roll out IN_PLACE 1: 2* 1"),
        row(
            "and no migration after it",
            renewed().migrated(1, A_CONTENTS).bundle("2* 1").now(1, A_CONTENTS),
            "settled: KMS 2"),
        row(
            "contents that are as they were change nothing",
            moved().wants(B_KEY_PATH).now(1, A).now(2, B_KEY_PATH),
            "settled: KMS 2"),
        row(
            "contents that are gone, or lack something, change nothing",
            renewed(),
            "settled: KMS 2"),
        row(
            "who may not read contents sees nothing to do",
            moved().wantsUnread(B_KEY_PATH),
            "settled: KMS 2"),
        row(
            "a key in no bundle keeps what it had",
            renewed().bundle("2*").now(1, A_CONTENTS),
            "settled: KMS 2"),
        row(
            "in plaintext, the key for backups gets them too",
            plain()
                .wants(PLAIN)
                .migrated(1, A)
                .migrated(2, PLAIN)
                .bundle("2* 1")
                .now(1, A_CONTENTS),
            "preflight A_CONTENTS as key 1"),
        row(
            "the key that writes gets them although another key is wanted",
            plain().wants(B_CONTENTS).migrated(1, A).bundle("1*").now(1, A_CONTENTS),
            "preflight A_CONTENTS as key 1"),
        row(
            "and although what is wanted breaks rules",
            plain().wantsNonsense().migrated(1, A).bundle("1*").now(1, A_CONTENTS),
            "preflight A_CONTENTS as key 1"),
        row(
            "the newest key becomes what is wanted in one step, and not first its old self",
            plain().wants(A_IMAGE).migrated(1, A).bundle("1*").now(1, A_CONTENTS),
            "preflight A_IMAGE as key 1"),
        row(
            "an older key whose plugin keeps nodes from converging is mended",
            renewed().now(1, A_CONTENTS).lagging("node-1"),
            "preflight A_CONTENTS as key 1"),
        row(
            "and rolled out over the bundle that has not converged",
            renewed().migrated(1, A_CONTENTS).now(1, A_CONTENTS).lagging("node-1"),
            "roll out IN_PLACE 1: 2* 1"),
        row(
            "while its preflight is on, the newest key goes on its way",
            plain()
                .wants(B_CONTENTS)
                .migrated(1, A)
                .minted(2, B_CONTENTS)
                .bundle("2 1*")
                .now(1, A_CONTENTS)
                .asked("r", 1, A_CONTENTS)
                .passed("r", "node-1"),
            "roll out WRITE_KEY 2: 2* 1"));
  }

  static Stream<Arguments> rule5Turns() {
    return Stream.of(
        row(
            "an older key that a node refuses the new contents for keeps what it had",
            refusedOlder(),
            "settled: KMS 2"),
        row(
            "other contents are tried again",
            refusedOlder().now(1, A_SECRET),
            "preflight A_SECRET as key 1"),
        row(
            "and so are the refused ones, until they pass",
            refusedOlder().allPassed("r"),
            "update key 1 to A_CONTENTS"),
        row(
            "it holds up no update of the newest key",
            refusedOlder().wants(B_IMAGE),
            "preflight B_IMAGE as key 2"),
        row("nor a new key", refusedOlder().wants(B_ADDRESS), "preflight B_ADDRESS as key 3"),
        row(
            "and does not take the turn back from that",
            refusedOlder().wants(B_ADDRESS).asked("r3", 3, B_ADDRESS).after(1, A_CONTENTS),
            "await PREFLIGHT: node-1,node-2,node-3"),
        row(
            "one that no node gives a verdict on for too long counts as refused",
            renewed().now(1, A_CONTENTS).asked("r", 1, A_CONTENTS).askedFor(Duration.ofMinutes(10)),
            "settled: KMS 2"),
        row(
            "an older key yields to an older one still",
            threeKeys().asked("r", 2, B_CONTENTS).failed("r", "node-1", "denied"),
            "preflight A_CONTENTS as key 1"),
        row(
            "which does not yield back",
            threeKeys()
                .asked("r", 1, A_CONTENTS)
                .failed("r", "node-1", "denied")
                .after(2, B_CONTENTS),
            "migrate configmaps,secrets to key 3: NEW_KEY"),
        row(
            "a newest key whose update is refused yields to an older key",
            moved()
                .wants(B_CONTENTS)
                .now(1, A_CONTENTS)
                .asked("r", 2, B_CONTENTS)
                .failed("r", "node-2", "sealed"),
            "preflight A_CONTENTS as key 1"),
        row(
            "and has its turn again when that is refused as well",
            moved()
                .wants(B_CONTENTS)
                .now(1, A_CONTENTS)
                .asked("r", 1, A_CONTENTS)
                .failed("r", "node-2", "sealed")
                .after(2, B_CONTENTS),
            "preflight B_CONTENTS as key 2"),
        row(
            "which it keeps, and a person is needed",
            moved()
                .wants(B_CONTENTS)
                .now(1, A_CONTENTS)
                .asked("r", 2, B_CONTENTS)
                .failed("r", "node-2", "sealed")
                .after(1, A_CONTENTS),
            "blocked: PREFLIGHT_FAILED"));
  }

  /** From A to B, and A is kept for backups. */
  private static World moved() {
    return plain().migrated(1, A).migrated(2, B_KEY_PATH).bundle("2* 1");
  }

  /** The same, and the newest key has the new contents. */
  private static World renewed() {
    return plain().wants(B_CONTENTS).migrated(1, A).migrated(2, B_CONTENTS).bundle("2* 1");
  }

  private static World refusedOlder() {
    return renewed()
        .now(1, A_CONTENTS)
        .asked("r", 1, A_CONTENTS)
        .failed("r", "node-2", "permission denied");
  }

  /** Everything is on its way to a third. */
  private static World threeKeys() {
    return plain()
        .wants(C_CONTENTS)
        .migrated(1, A)
        .migrated(2, B_KEY_PATH)
        .minted(3, C_CONTENTS)
        .bundle("3* 2 1")
        .now(2, B_CONTENTS)
        .now(1, A_CONTENTS);
  }

  private static Arguments inPlace(String what, Config config) {
    return row(
        what + " is a change in place, after a preflight for the same key",
        plain().wants(config).migrated(1, A).bundle("1*"),
        "preflight %s as key 1".formatted(config));
  }

  static Stream<Arguments> rule6Preflight() {
    return Stream.of(
        row(
            "nobody has answered",
            plain().wants(A).asked("r1", 1, A),
            "await PREFLIGHT: node-1,node-2,node-3"),
        row(
            "one node has not answered",
            plain().wants(A).asked("r1", 1, A).passed("r1", "node-1", "node-3"),
            "await PREFLIGHT: node-2"),
        row(
            "a node that has just appeared has to answer too",
            plain().wants(A).asked("r1", 1, A).allPassed("r1").newNode("node-4"),
            "await PREFLIGHT: node-4"),
        row(
            "all have answered yes",
            plain().wants(A).asked("r1", 1, A).allPassed("r1"),
            "mint key 1 KMS: first-key"),
        row(
            "one no is enough",
            plain().wants(A).asked("r1", 1, A).allPassed("r1").failed("r1", "node-2", "sealed"),
            "blocked: PREFLIGHT_FAILED"),
        row(
            "a request for another configuration is asked anew",
            plain().wants(A).asked("r1", 1, B_ADDRESS).allPassed("r1"),
            "preflight A as key 1"),
        row(
            "a request for the same configuration with other contents is asked anew",
            plain().wants(A).asked("r1", 1, A_CONTENTS).allPassed("r1"),
            "preflight A as key 1"),
        row(
            "a request for another key is asked anew",
            plain().wants(A).migrated(1, B_ADDRESS).bundle("1*").asked("r1", 1, A).allPassed("r1"),
            "preflight A as key 2"),
        row(
            "an answer to an earlier request is none",
            plain().wants(A).asked("r2", 1, A).allPassed("r1"),
            "await PREFLIGHT: node-1,node-2,node-3"),
        row(
            "a failure of an earlier request is none either",
            plain().wants(A).asked("r2", 1, A).allPassed("r2").failed("r1", "node-2", "sealed"),
            "await PREFLIGHT: node-2"),
        row(
            "after off and on the same configuration is tried again, for a new number",
            plain()
                .wants(A)
                .migrated(1, A)
                .migrated(2, PLAIN)
                .bundle("2* 1")
                .asked("r1", 1, A)
                .allPassed("r1"),
            "preflight A as key 3"),
        row(
            "and minted only then",
            plain()
                .wants(A)
                .migrated(1, A)
                .migrated(2, PLAIN)
                .bundle("2* 1")
                .asked("r3", 3, A)
                .allPassed("r3"),
            "mint key 3 KMS: mode-changed-from-identity"),
        row(
            "what the plugin needs and is not there is told without asking a node",
            plain().wantsWithoutItsSecret(A),
            "blocked: PREFLIGHT_FAILED"),
        row(
            "who may not read the contents waits for somebody to ask",
            plain().wantsUnread(A),
            "await PREFLIGHT: "),
        row(
            "who may not read the contents waits for the answers",
            plain().wantsUnread(A).asked("r1", 1, A).passed("r1", "node-1"),
            "await PREFLIGHT: node-2,node-3"),
        row(
            "who may not read the contents does not mint",
            plain().wantsUnread(A).asked("r1", 1, A).allPassed("r1"),
            "await PREFLIGHT: "),
        row(
            "who may not read the contents sees the failure",
            plain().wantsUnread(A).asked("r1", 1, A).failed("r1", "node-3", "sealed"),
            "blocked: PREFLIGHT_FAILED"),
        row(
            "who may not read the contents takes equal fields for settled",
            plain().wantsUnread(A).migrated(1, A_CONTENTS).bundle("1*"),
            "settled: KMS 1"),
        row(
            "who may not read the contents sees a change of fields",
            plain().wantsUnread(A_IMAGE).migrated(1, A).bundle("1*"),
            "await PREFLIGHT: "),
        row(
            "who may not read the contents rolls on what is on its way",
            plain().wantsUnread(A).minted(1, A).bundle("1"),
            "roll out WRITE_KEY 1: 1*"));
  }

  static Stream<Arguments> rule7Pruning() {
    return Stream.of(
        row(
            "ten migrated keys out of use are kept",
            manyKeys(12).wants(A).bundle("12* 11"),
            "settled: KMS 12"),
        row("the eleventh goes", manyKeys(13).wants(A).bundle("13* 12"), "prune [1]"),
        row("all beyond ten go at once", manyKeys(15).wants(A).bundle("15* 14"), "prune [1, 2, 3]"),
        row(
            "a key in use is never pruned, however old",
            manyKeys(14).wants(A).bundle("14* 1").minted(13, PLAIN),
            "prune [2]"),
        row(
            "a key that was never migrated does not count and does not go",
            manyKeys(13).wants(A).bundle("13* 12").minted(1, PLAIN),
            "settled: KMS 13"),
        row(
            "nothing is pruned while something else is to do",
            manyKeys(13).wants(B_ADDRESS).bundle("13* 12"),
            "preflight B_ADDRESS as key 14"));
  }

  private static World manyKeys(int count) {
    World world = plain();
    for (long id = 1; id <= count; id++) {
      world.migrated(id, A);
    }
    return world;
  }

  static Stream<Arguments> rule8UnstableConfiguration() {
    return Stream.of(
        row(
            "a migration stops when a node falls silent",
            plain().wants(A).minted(1, A).bundle("1*").silentFor(seconds(121), "node-3"),
            "await CONVERGENCE: node-3"),
        row(
            "a migration stops when a node appears",
            plain().wants(A).migratedOnly(1, A, "secrets").bundle("1*").newNode("node-4"),
            "await CONVERGENCE: node-4"),
        row(
            "a migration waits for a mend that has passed its preflight",
            plain().wants(A_IMAGE).minted(1, A).bundle("1*").asked("r", 1, A_IMAGE).allPassed("r"),
            "update key 1 to A_IMAGE"),
        row("an invalid configuration is refused", plain().wantsNonsense(), "refuse"),
        row(
            "a configuration that is gone does not decrypt anything",
            plain().wantsNothingAtAll().migrated(1, A).bundle("1*"),
            "blocked: CONFIGURATION_MISSING"),
        row(
            "where nobody ever asked for anything, nothing is missing",
            plain().wantsNothingAtAll(),
            "settled: identity -"),
        row(
            "an invalid configuration changes nothing that is settled",
            plain().wantsNonsense().migrated(1, A).bundle("1*"),
            "refuse"),
        row(
            "what is on its way is rolled on under an invalid configuration",
            plain().wantsNonsense().minted(1, A).bundle("1"),
            "roll out WRITE_KEY 1: 1*"),
        row(
            "what is on its way is migrated under an invalid configuration",
            plain().wantsNonsense().minted(1, A).bundle("1*"),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        row(
            "what is on its way is finished when the credentials are gone",
            plain().wantsWithoutItsSecret(B_ADDRESS).minted(1, A).bundle("1*"),
            "migrate configmaps,secrets to key 1: NEW_KEY"));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
