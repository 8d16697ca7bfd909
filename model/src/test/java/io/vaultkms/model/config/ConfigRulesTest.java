package io.vaultkms.model.config;

import static io.vaultkms.model.config.Documents.DIGEST;
import static io.vaultkms.model.config.Documents.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that the configuration API accepts and refuses, each rule at its boundary. */
class ConfigRulesTest {
  private static final String VAULT = "kms.vault.";
  private static final String IMAGE = VAULT + "kmsPluginImage";
  private static final String ADDRESS = VAULT + "vaultAddress";
  private static final String KEY_PATH = VAULT + "vaultKeyPath";
  private static final String SERVER_NAME = VAULT + "tls.serverName";
  private static final String CA_BUNDLE = VAULT + "tls.caBundle.name";
  private static final String SECRET = VAULT + "authentication.appRole.secret.name";

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void judges(String title, Documents document, List<Refusal> refusals) {
    List<Violation> violations = ConfigRules.check(document.spec());

    assertThat(violations)
        .extracting(Violation::field)
        .containsExactlyElementsOf(
            refusals.stream().map(refusal -> "spec.encryption." + refusal.field()).toList());
    for (int i = 0; i < refusals.size(); i++) {
      assertThat(violations.get(i).rule()).startsWith("must ").contains(refusals.get(i).rule());
    }
  }

  /** A field, and words of the rule that it breaks. */
  record Refusal(String field, String rule) {}

  private static Arguments accepts(String title, Documents document) {
    return arguments("accepts " + title, document, List.of());
  }

  /** Refusals as field and words of the rule, in turn. */
  private static Arguments refuses(String title, Documents document, String... refusals) {
    List<Refusal> list = new ArrayList<>();
    for (int i = 0; i < refusals.length; i += 2) {
      list.add(new Refusal(refusals[i], refusals[i + 1]));
    }
    return arguments("refuses " + title, document, list);
  }

  static Stream<Arguments> table() {
    return Stream.of(
            unions(),
            images(),
            imageHosts(),
            addresses(),
            namespaces(),
            keyPaths(),
            keyNames(),
            tls(),
            names())
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> unions() {
    String kms = good().json().get("kms").toString();
    return Stream.of(
        accepts("the example", good()),
        accepts("an empty document", Documents.of("{}")),
        accepts("an empty type", Documents.of("{'type': ''}".replace('\'', '"'))),
        accepts("a null type", Documents.of("{\"type\": null}")),
        accepts("identity", Documents.of("{\"type\": \"identity\"}")),
        accepts("aescbc", Documents.of("{\"type\": \"aescbc\"}")),
        accepts("aesgcm", Documents.of("{\"type\": \"aesgcm\"}")),
        accepts("a field it does not know", good().with("kms.vault.transitMount", "transit")),
        refuses("kms in lower case", good().with("type", "kms"), "type", "one of", "kms", "unless"),
        refuses(
            "the type that was once planned",
            good().with("type", "ManagedKMS"),
            "type",
            "identity, aescbc, aesgcm, KMS",
            "kms",
            "must not be set"),
        refuses("a type with a space", good().with("type", "KMS "), "type", "one of", "kms", "not"),
        refuses("KMS without kms", good().without("kms"), "kms", "must be set when type is KMS"),
        refuses("KMS with null for kms", good().withJson("kms", "null"), "kms", "must be set"),
        refuses(
            "identity with kms",
            Documents.of("{\"type\": \"identity\", \"kms\": " + kms + "}"),
            "kms",
            "must not be set unless type is KMS"),
        refuses("aescbc with kms", good().with("type", "aescbc"), "kms", "must not be set"),
        refuses("no type with kms", good().without("type"), "kms", "must not be set"),
        refuses("an empty kms", good().withJson("kms", "{}"), "kms.type", "must be Vault"),
        refuses(
            "another provider",
            good().withJson("kms", "{\"type\": \"AWS\"}"),
            "kms.type",
            "must be Vault"),
        refuses(
            "another provider with vault",
            good().with("kms.type", "AWS"),
            "kms.type",
            "must be Vault",
            "kms.vault",
            "must not be set unless kms.type is Vault"),
        refuses(
            "Vault without vault",
            good().without("kms.vault"),
            "kms.vault",
            "must be set when kms.type is Vault"),
        refuses(
            "no authentication",
            good().without(VAULT + "authentication"),
            VAULT + "authentication",
            "must be set"),
        refuses(
            "an empty authentication",
            good().withJson(VAULT + "authentication", "{}"),
            VAULT + "authentication.type",
            "must be AppRole"),
        refuses(
            "another way to log in",
            good().with(VAULT + "authentication.type", "Kubernetes"),
            VAULT + "authentication.type",
            "must be AppRole",
            VAULT + "authentication.appRole",
            "must not be set unless"),
        refuses(
            "AppRole without appRole",
            good().without(VAULT + "authentication.appRole"),
            VAULT + "authentication.appRole",
            "must be set when authentication.type is AppRole"),
        refuses(
            "an empty appRole",
            good().withJson(VAULT + "authentication.appRole", "{}"),
            SECRET,
            "must be set"),
        refuses(
            "everything wrong at once, in the order of the document",
            good()
                .with(IMAGE, "vault-plugin:latest")
                .with(ADDRESS, "http://vault/v1")
                .with(VAULT + "vaultNamespace", "root")
                .with(VAULT + "vaultAuthNamespace", "a b/")
                .with(KEY_PATH, "/transit")
                .withJson(VAULT + "tls", "{}")
                .withJson(VAULT + "authentication", "{\"type\": \"Token\"}"),
            IMAGE,
            "75 to 447",
            IMAGE,
            "exactly one @",
            ADDRESS,
            "https",
            ADDRESS,
            "no path",
            VAULT + "vaultNamespace",
            "one of root",
            VAULT + "vaultAuthNamespace",
            "end with /",
            VAULT + "vaultAuthNamespace",
            "space",
            KEY_PATH,
            "leading, trailing or doubled /",
            KEY_PATH,
            "<mount>/keys/<name>",
            VAULT + "tls",
            "at least one",
            VAULT + "authentication.type",
            "AppRole"));
  }

  private static Stream<Arguments> images() {
    return Stream.of(
        refuses("no image", good().without(IMAGE), IMAGE, "must be set"),
        refuses("an empty image", image(""), IMAGE, "75 to 447", IMAGE, "exactly one @"),
        refuses(
            "74 characters", image("ab" + DIGEST), IMAGE, "has 74", IMAGE, "dot", IMAGE, "path"),
        refuses("75 characters, and no path", image("a.b" + DIGEST), IMAGE, "have a path"),
        accepts("the shortest there can be", image("a.b/c" + DIGEST)),
        accepts("447 characters", image("a.b/" + "c".repeat(447 - 4 - 72) + DIGEST)),
        refuses(
            "448 characters",
            image("a.b/" + "c".repeat(448 - 4 - 72) + DIGEST),
            IMAGE,
            "must have 75 to 447 characters and has 448"),
        accepts("a namespace in the path", image("quay.io/hashicorp/vault-plugin" + DIGEST)),
        accepts("many segments", image("quay.io/a/b/c/d/e" + DIGEST)),
        accepts("all kinds of characters in a segment", image("quay.io/A-z_0.9" + DIGEST)),
        refuses("a tag and a digest", image("quay.io/vault:v1" + DIGEST), IMAGE, "no tag"),
        refuses(
            "a tag in place of the digest",
            image("quay.io/" + "v".repeat(80) + ":latest"),
            IMAGE,
            "exactly one @"),
        refuses("two @", image("quay.io/vault" + DIGEST + DIGEST), IMAGE, "exactly one @"),
        refuses("an @ in the name", image("quay.io/va@ult" + DIGEST), IMAGE, "exactly one @"),
        refuses(
            "a digest of 63 digits",
            image("quay.io/vault@sha256:" + "a".repeat(63)),
            IMAGE,
            "64 lowercase hex digits"),
        refuses(
            "a digest of 65 digits",
            image("quay.io/vault@sha256:" + "a".repeat(65)),
            IMAGE,
            "64 lowercase hex digits"),
        refuses(
            "a digest in upper case",
            image("quay.io/vault@sha256:" + "A".repeat(64)),
            IMAGE,
            "64 lowercase hex digits"),
        refuses(
            "a digest that is not hexadecimal",
            image("quay.io/vault@sha256:" + "g".repeat(64)),
            IMAGE,
            "64 lowercase hex digits"),
        refuses(
            "another algorithm", image("quay.io/vault@sha512:" + "a".repeat(64)), IMAGE, "sha256:"),
        refuses(
            "an upper-case algorithm",
            image("quay.io/vault@SHA256:" + "a".repeat(64)),
            IMAGE,
            "sha256:"),
        refuses(
            "a line break behind the digest", image("quay.io/vault" + DIGEST + "\n"), IMAGE, "64"),
        refuses("an empty segment", image("quay.io//vault" + DIGEST), IMAGE, "in its path"),
        refuses("a trailing slash", image("quay.io/vault/" + DIGEST), IMAGE, "in its path"),
        refuses("a space in the path", image("quay.io/my vault" + DIGEST), IMAGE, "in its path"),
        refuses("a tilde in the path", image("quay.io/~vault" + DIGEST), IMAGE, "in its path"));
  }

  private static Stream<Arguments> imageHosts() {
    return Stream.of(
        refuses("a short name", image("vault-plugin" + DIGEST), IMAGE, "host", IMAGE, "a path"),
        refuses("a short name with a path", image("library/vault" + DIGEST), IMAGE, "has a dot"),
        refuses("localhost", image("localhost:5000/vault" + DIGEST), IMAGE, "has a dot"),
        refuses("a scheme", image("https://quay.io/vault" + DIGEST), IMAGE, "host", IMAGE, "path"),
        refuses("two dots in a row", image("quay..io/vault" + DIGEST), IMAGE, "has a dot"),
        refuses("a leading dot", image(".quay.io/vault" + DIGEST), IMAGE, "has a dot"),
        refuses("a trailing dot", image("quay.io./vault" + DIGEST), IMAGE, "has a dot"),
        refuses("an underscore in the host", image("my_quay.io/vault" + DIGEST), IMAGE, "host"),
        accepts("capital letters in the host", image("Quay.IO/vault" + DIGEST)),
        accepts("an IP address", image("10.0.0.1/vault" + DIGEST)),
        refuses("a port of 1 digit", image("quay.io:5/vault" + DIGEST), IMAGE, "2 to 5 digits"),
        accepts("a port of 2 digits", image("quay.io:80/vault" + DIGEST)),
        accepts("a port of 5 digits", image("quay.io:50000/vault" + DIGEST)),
        refuses("a port of 6 digits", image("quay.io:500000/vault" + DIGEST), IMAGE, "2 to 5"),
        refuses("an empty port", image("quay.io:/vault" + DIGEST), IMAGE, "2 to 5 digits"),
        refuses("a port in letters", image("quay.io:http/vault" + DIGEST), IMAGE, "2 to 5 digits"));
  }

  private static Documents image(String value) {
    return good().with(IMAGE, value);
  }

  private static Stream<Arguments> addresses() {
    String long512 = "https://" + "a".repeat(60) + ".b".repeat(222);
    return Stream.of(
        refuses("no address", good().without(ADDRESS), ADDRESS, "must be set"),
        refuses("an empty address", address(""), ADDRESS, "1 to 512"),
        accepts("512 characters", address(long512)),
        refuses("513 characters", address(long512 + "c"), ADDRESS, "has 513"),
        accepts("no port", address("https://vault.example.com")),
        accepts("a name without a dot", address("https://vault:8200")),
        accepts("a path of nothing but a slash", address("https://vault:8200/")),
        accepts("an IPv4 address", address("https://10.0.0.1:8200")),
        accepts("an IPv6 address", address("https://[fd00::1]:8200")),
        accepts("the scheme in capitals", address("HTTPS://vault:8200")),
        accepts("an underscore in the host", address("https://my_vault:8200")),
        refuses("http", address("http://vault:8200"), ADDRESS, "the scheme https"),
        refuses(
            "another scheme",
            address("unix:///vault.sock"),
            ADDRESS,
            "https",
            ADDRESS,
            "host",
            ADDRESS,
            "path"),
        accepts("the shortest IPv6 address", address("https://[::]")),
        accepts("an IPv6 address in full", address("https://[1:2:3:4:5:6:7:8]:8200")),
        accepts("an IPv6 address that ends in zeros", address("https://[fd00:1::]")),
        refuses("an IPv6 address of 9", address("https://[1:2:3:4:5:6:7:8:9]"), ADDRESS, "host"),
        refuses("an IPv6 address twice cut", address("https://[1::2::3]"), ADDRESS, "a host"),
        refuses("an IPv6 address with a zone", address("https://[fe80::1%25e]"), ADDRESS, "host"),
        refuses("an IPv6 address without brackets", address("https://fd00::1"), ADDRESS, "host"),
        refuses("no scheme", address("vault.example.com"), ADDRESS, "must be a URL"),
        refuses("host and port alone", address("vault:8200"), ADDRESS, "must be a URL"),
        refuses("one letter", address("a"), ADDRESS, "must be a URL"),
        refuses("a letter beyond ASCII", address("https://träger"), ADDRESS, "must be a URL"),
        refuses("a percent sign", address("https://vault%2d1"), ADDRESS, "must name a host"),
        accepts("a port of 5 digits", address("https://vault:65535")),
        refuses("a port of 6 digits", address("https://vault:655350"), ADDRESS, "a host"),
        refuses("a path", address("https://vault:8200/v1"), ADDRESS, "no path"),
        refuses("a doubled slash", address("https://vault:8200//"), ADDRESS, "no path"),
        refuses("a query", address("https://vault:8200?a=b"), ADDRESS, "no query"),
        refuses("a fragment", address("https://vault:8200#a"), ADDRESS, "no fragment"),
        refuses("a user", address("https://me@vault:8200"), ADDRESS, "no user info"),
        refuses("a user and password", address("https://me:pw@vault"), ADDRESS, "no user info"),
        refuses(
            "a user at a host with an underscore",
            address("https://me@my_vault"),
            ADDRESS,
            "no user info"),
        refuses("no host", address("https://"), ADDRESS, "must name a host"),
        refuses("no host but a port", address("https://:8200"), ADDRESS, "must name a host"),
        refuses("a space", address("https://va ult:8200"), ADDRESS, "must be a URL"),
        refuses("a port in letters", address("https://vault:http"), ADDRESS, "must name a host"),
        refuses("a line break", address("https://vault:8200\n"), ADDRESS, "must be a URL"));
  }

  private static Documents address(String value) {
    return good().with(ADDRESS, value);
  }

  private static Stream<Arguments> namespaces() {
    Stream<Arguments> reserved =
        Stream.of("root", "sys", "audit", "auth", "cubbyhole", "identity")
            .flatMap(name -> both("the reserved name " + name, name, "one of root, sys"));
    return Stream.of(
            both("no character", "", "1 to 4096"),
            both("1 character", "a"),
            both("4096 characters", "a".repeat(4096)),
            both("4097 characters", "a".repeat(4097), "has 4097"),
            both("several segments", "team/project"),
            both("a leading slash", "/team"),
            both("a trailing slash", "team/", "end with /"),
            both("a space", "my team", "space"),
            both("a reserved name as a segment", "root/team"),
            both("a reserved name in capitals", "Root"),
            both("4096 characters beyond the basic plane", "🔑".repeat(4096)),
            reserved)
        .flatMap(rows -> rows);
  }

  /** One row for each of the two namespaces. */
  private static Stream<Arguments> both(String title, String value, String... rules) {
    return Stream.of(VAULT + "vaultNamespace", VAULT + "vaultAuthNamespace")
        .map(
            field ->
                rules.length == 0
                    ? accepts(title + " as " + field, good().with(field, value))
                    : refuses(title + " as " + field, good().with(field, value), field, rules[0]));
  }

  private static Stream<Arguments> keyPaths() {
    String mount1535 = "m".repeat(1535);
    return Stream.of(
        refuses("no key path", good().without(KEY_PATH), KEY_PATH, "must be set"),
        refuses("an empty key path", keyPath(""), KEY_PATH, "8 to 1542", KEY_PATH, "<mount>"),
        refuses("7 characters", keyPath("/keys/k"), KEY_PATH, "has 7", KEY_PATH, "leading"),
        accepts("8 characters", keyPath("m/keys/k")),
        accepts("1542 characters", keyPath(mount1535 + "/keys/k")),
        refuses("1543 characters", keyPath(mount1535 + "/keys/kk"), KEY_PATH, "has 1543"),
        accepts("a mount of several segments", keyPath("team/project/transit/keys/k")),
        accepts("a mount that is called keys", keyPath("keys/keys/k")),
        accepts("every character of a mount", keyPath("aZ09-._~/keys/k")),
        refuses("a leading slash", keyPath("/transit/keys/k"), KEY_PATH, "leading"),
        refuses(
            "a trailing slash", keyPath("transit/keys/k/"), KEY_PATH, "trailing", KEY_PATH, "form"),
        refuses("a doubled slash in the mount", keyPath("a//b/keys/k"), KEY_PATH, "doubled"),
        refuses(
            "a doubled slash before the name",
            keyPath("transit/keys//k"),
            KEY_PATH,
            "doubled",
            KEY_PATH,
            "form"),
        refuses("no mount", keyPath("keys/my-key"), KEY_PATH, "<mount>/keys/<name>"),
        refuses("no keys", keyPath("transit/my-key"), KEY_PATH, "<mount>/keys/<name>"),
        refuses("key for keys", keyPath("transit/key/my-key"), KEY_PATH, "<mount>/keys/<name>"),
        refuses("keys in capitals", keyPath("transit/KEYS/my-key"), KEY_PATH, "form"),
        refuses("no name", keyPath("transit/keys"), KEY_PATH, "<mount>/keys/<name>"),
        refuses("the segment .", keyPath("a/./keys/k"), KEY_PATH, "no segment . or .."),
        refuses("the segment ..", keyPath("a/../keys/k"), KEY_PATH, "no segment . or .."),
        refuses(
            "the name ..",
            keyPath("transit/keys/.."),
            KEY_PATH,
            "no segment",
            KEY_PATH,
            "key name"),
        accepts("a segment of three dots", keyPath("a/.../keys/k")),
        refuses("a space", keyPath("my transit/keys/k"), KEY_PATH, "only letters, digits"),
        refuses("a percent sign", keyPath("my%20transit/keys/k"), KEY_PATH, "only letters"),
        refuses("a letter beyond ASCII", keyPath("träger/keys/k"), KEY_PATH, "only letters"));
  }

  private static Stream<Arguments> keyNames() {
    return Stream.of(
        accepts("a name of one digit", keyPath("transit/keys/1")),
        accepts("a name of one underscore", keyPath("transit/keys/_")),
        accepts("underscores at both ends", keyPath("transit/keys/_k_")),
        accepts("all between", keyPath("transit/keys/a_-.b")),
        refuses("a leading dash", keyPath("transit/keys/-k"), KEY_PATH, "key name"),
        refuses("a trailing dash", keyPath("transit/keys/k-"), KEY_PATH, "key name"),
        refuses("a leading dot", keyPath("transit/keys/.k"), KEY_PATH, "key name"),
        refuses("a trailing dot", keyPath("transit/keys/k."), KEY_PATH, "key name"),
        refuses("a tilde in the name", keyPath("transit/keys/a~b"), KEY_PATH, "key name"));
  }

  private static Documents keyPath(String value) {
    return good().with(KEY_PATH, value);
  }

  private static Stream<Arguments> tls() {
    return Stream.of(
        accepts("no tls", good().without(VAULT + "tls")),
        accepts("null for tls", good().withJson(VAULT + "tls", "null")),
        accepts("a CA bundle alone", good().without(SERVER_NAME)),
        accepts("a server name alone", good().without(VAULT + "tls.caBundle")),
        refuses("empty tls", good().withJson(VAULT + "tls", "{}"), VAULT + "tls", "at least one"),
        refuses(
            "a CA bundle without a name",
            good().withJson(VAULT + "tls.caBundle", "{}"),
            CA_BUNDLE,
            "must be set"),
        refuses("no server name", good().with(SERVER_NAME, ""), SERVER_NAME, "1 to 253"),
        accepts("a server name of 253 characters", good().with(SERVER_NAME, name253())),
        refuses(
            "a server name of 254", good().with(SERVER_NAME, name253() + "a"), SERVER_NAME, "254"),
        refuses(
            "a server name in capitals",
            good().with(SERVER_NAME, "Vault.example.com"),
            SERVER_NAME,
            "lower case"),
        accepts("a label of 63 characters", good().with(SERVER_NAME, "a".repeat(63) + ".b")),
        refuses(
            "a label of 64 characters",
            good().with(SERVER_NAME, "a".repeat(64) + ".b"),
            SERVER_NAME,
            "63"),
        refuses("a wildcard", good().with(SERVER_NAME, "*.example.com"), SERVER_NAME, "hostname"),
        refuses("a port", good().with(SERVER_NAME, "vault:8200"), SERVER_NAME, "hostname"));
  }

  private static Stream<Arguments> names() {
    return Stream.of(SECRET, CA_BUNDLE)
        .flatMap(
            field ->
                Stream.of(
                    refuses("no " + field, good().without(field), field, "must be set"),
                    refuses(field + " empty", good().with(field, ""), field, "1 to 253"),
                    accepts(field + " of 1 character", good().with(field, "a")),
                    accepts(field + " with dots", good().with(field, "a.b-c.9")),
                    accepts(field + " of 253 characters", good().with(field, name253())),
                    refuses(
                        field + " of 254", good().with(field, name253() + "a"), field, "has 254"),
                    accepts(field + " of one long label", good().with(field, "a".repeat(253))),
                    refuses(field + " in capitals", good().with(field, "A"), field, "subdomain"),
                    refuses(field + " with _", good().with(field, "a_b"), field, "subdomain"),
                    refuses(field + " with /", good().with(field, "a/b"), field, "subdomain"),
                    refuses(field + " with a dash first", good().with(field, "-a"), field, "must"),
                    refuses(field + " with a dash last", good().with(field, "a-"), field, "must"),
                    refuses(field + " with a dot last", good().with(field, "a."), field, "must"),
                    refuses(field + " with two dots", good().with(field, "a..b"), field, "must"),
                    refuses(field + " ended by a line", good().with(field, "a\n"), field, "must")));
  }

  private static String name253() {
    return String.join(".", "a".repeat(62), "b".repeat(62), "c".repeat(63), "d".repeat(63));
  }

  @Test
  void theTableHasAtLeast120Documents() {
    long documents = table().count();
    System.out.printf("configuration rules: %d documents judged%n", documents);
    assertThat(documents).isGreaterThanOrEqualTo(120);
  }

  @Test
  void aViolationNamesFieldValueAndRule() {
    assertThat(ConfigRules.check(good().with(ADDRESS, "http://vault").spec()))
        .extracting(Violation::toString)
        .containsExactly(
            "spec.encryption.kms.vault.vaultAddress 'http://vault' must have the scheme https");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:hunter2@vault:8200",
        "https://me:hunt/@er2@vault:8200",
        "https://hunter2@vault:8200/v1?token=hunter2#hunter2",
        "me:hunter2@vault",
        "https://vault:8200?token=hunter2",
        "https://vault:8200?a@hunter2",
        "https://me:hunt?er2@vault",
        "https://me:hunter2 @vault"
      })
  void aPasswordInAnAddressIsNotToldOn(String address) {
    assertThat(ConfigRules.check(address(address).spec()))
        .isNotEmpty()
        .extracting(Violation::toString)
        .noneMatch(sentence -> sentence.contains("hunt") || sentence.contains("er2"));
  }

  @Test
  void aLongValueIsCutInTheSentence() {
    List<Violation> violations = ConfigRules.check(keyPath("x".repeat(100_000)).spec());

    assertThat(violations).extracting(Violation::value).allMatch(value -> value.length() < 210);
  }

  @Test
  void valuesOfManyLabelsAreJudgedLikeAnyOther() {
    String endless = "a.".repeat(200_000) + "a";
    for (String field : Arrays.asList(SECRET, CA_BUNDLE, SERVER_NAME, IMAGE, ADDRESS, KEY_PATH)) {
      assertThat(ConfigRules.check(good().with(field, endless).spec()))
          .extracting(Violation::field)
          .contains("spec.encryption." + field);
    }
  }
}
