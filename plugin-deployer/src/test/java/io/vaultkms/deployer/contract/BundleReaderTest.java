package io.vaultkms.deployer.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.json.Json;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What stands in a bundle's data, read without any annotation, whoever wrote it. */
class BundleReaderTest {
  private static final String HASH = hash(SampleKey.with(SampleKey.SECRET_ID));

  @Test
  void whatThisProjectWritesIsReadBackTheSame() {
    long seed = 20261125;
    System.out.println("bundles of seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Bundle bundle = random(random);

      assertThat(BundleReader.bundle(data(bundle))).isEqualTo(bundle);
    }
  }

  @Test
  void theMaterialOfLocalKeysIsReadBackAndNoOther() {
    Bundle bundle =
        new Bundle(
            new TreeMap<>(Map.of("secrets", keys(1, 1, 2, 3))),
            new TreeMap<>(
                Map.of(
                    1L, new KeyContent(Mode.AESCBC, Optional.empty()),
                    2L, new KeyContent(Mode.IDENTITY, Optional.empty()),
                    3L, new KeyContent(Mode.KMS, Optional.of(HASH)))));

    assertThat(BundleReader.material(data(bundle), 1)).contains(material(1));
    assertThat(BundleReader.material(data(bundle), 2)).isEmpty();
    assertThat(BundleReader.material(data(bundle), 3)).isEmpty();
    assertThat(BundleReader.material(data(bundle), 4)).isEmpty();
  }

  @Test
  void whatOpenShiftsOperatorWritesIsRead() {
    Map<String, String> data =
        foreign(
            """
            {"kind":"EncryptionConfiguration","apiVersion":"apiserver.config.k8s.io/v1",
             "resources":[
              {"resources":["configmaps"],"providers":[
                {"kms":{"apiVersion":"v2","name":"3_configmaps","timeout":"10s",
                        "endpoint":"unix:///var/run/kmsplugin/kms-3.sock"}},
                {"aescbc":{"keys":[{"name":"1","secret":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}]}},
                {"identity":{}},
                {"aesgcm":{"keys":[{"name":"2","secret":"AAAAAAAAAAAAAAAAAAAAAA=="}]}}]},
              {"resources":["secrets"],"providers":[
                {"identity":{}},
                {"kms":{"apiVersion":"v2","name":"3_secrets","timeout":"10s",
                        "endpoint":"unix:///var/run/kmsplugin/kms-3.sock"}},
                {"aesgcm":{"keys":[{"name":"4","secret":"AAAAAAAAAAAAAAAAAAAAAA=="}]}},
                {"aesgcm":{"keys":[{"name":"2","secret":"AAAAAAAAAAAAAAAAAAAAAA=="}]}}]}]}
            """);
    data.putAll(SampleKey.with(SampleKey.SECRET_ID).toBundle(3));

    Bundle bundle = BundleReader.bundle(data);

    assertThat(bundle.of("configmaps")).isEqualTo(keys(3, 1, 2, 3));
    assertThat(bundle.of("secrets")).isEqualTo(keys(4, 2, 3, 4));
    assertThat(bundle.keys())
        .containsExactly(
            Map.entry(1L, new KeyContent(Mode.AESCBC, Optional.empty())),
            Map.entry(2L, new KeyContent(Mode.IDENTITY, Optional.empty())),
            Map.entry(3L, new KeyContent(Mode.KMS, Optional.of(HASH))),
            Map.entry(4L, new KeyContent(Mode.IDENTITY, Optional.empty())));
  }

  @Test
  void saysWhatItDoesNotKnowAndShowsNoKey() {
    String secret = Base64.getEncoder().encodeToString(material(7));
    assertThatThrownBy(
            () ->
                BundleReader.bundle(
                    foreign(
                        providers(
                            "{\"secretbox\":{\"keys\":[{\"secret\":\"%s\"}]}}".formatted(secret)))))
        .hasMessage(
            "resource secrets has a provider 'secretbox', which is not known here: let those who"
                + " wrote it migrate to identity, aescbc, aesgcm or kms first, and take it out");
    assertThatThrownBy(
            () -> BundleReader.bundle(foreign(providers("{\"kms\":{\"name\":\"vault\"}}"))))
        .hasMessage("resource secrets has a provider named 'vault', which is no key number");
    assertThatThrownBy(
            () -> BundleReader.bundle(foreign(providers("{\"kms\":{\"name\":\"1_secrets\"}}"))))
        .hasMessage("a Secret without kms-plugin-config-1");
    assertThatThrownBy(() -> BundleReader.bundle(foreign("{\"secret\": " + secret)))
        .hasMessage("encryption-config is not JSON")
        .hasNoCause();
    assertThatThrownBy(() -> BundleReader.bundle(Map.of()))
        .hasMessage("a bundle without encryption-config");
  }

  private static String providers(String provider) {
    return "{\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[%s]}]}".formatted(provider);
  }

  /** One that the decision can come to: only the newest key, if any, does not write yet. */
  private static Bundle random(Random random) {
    SortedMap<Long, KeyContent> contents = new TreeMap<>();
    TreeSet<Long> readers = new TreeSet<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      long id = (readers.isEmpty() ? 0 : readers.last()) + 1 + random.nextInt(10);
      Mode mode = Mode.values()[random.nextInt(Mode.values().length)];
      if (mode == Mode.IDENTITY && readers.isEmpty()) {
        mode = Mode.KMS;
      }
      readers.add(id);
      contents.put(
          id, new KeyContent(mode, mode == Mode.KMS ? Optional.of(HASH) : Optional.empty()));
    }
    OptionalLong writer = OptionalLong.empty();
    if (!readers.isEmpty()) {
      Long before = readers.lower(readers.last());
      boolean onItsWay = random.nextBoolean() && (before != null || readers.size() == 1);
      writer =
          !onItsWay
              ? OptionalLong.of(readers.last())
              : before == null ? OptionalLong.empty() : OptionalLong.of(before);
    }
    if (writer.isPresent() && writer.getAsLong() != (readers.isEmpty() ? 0 : readers.last())) {
      // A plain key follows a plain one never: nothing would change by it.
      if (contents.get(writer.getAsLong()).mode() == Mode.IDENTITY) {
        contents.replace(readers.last(), new KeyContent(Mode.KMS, Optional.of(HASH)));
      }
    }
    ResourceKeys used = new ResourceKeys(writer, readers);
    return new Bundle(new TreeMap<>(Map.of("configmaps", used, "secrets", used)), contents);
  }

  private static Map<String, String> data(Bundle bundle) {
    Map<String, String> data =
        foreign(Json.write(EncryptionConfiguration.of(bundle, BundleReaderTest::material)));
    bundle
        .keys()
        .forEach(
            (id, key) -> {
              if (key.mode() == Mode.KMS) {
                data.putAll(SampleKey.with(SampleKey.SECRET_ID).toBundle(id));
              }
            });
    return data;
  }

  private static Map<String, String> foreign(String document) {
    Map<String, String> data = new HashMap<>();
    data.put("encryption-config", Base64.getEncoder().encodeToString(document.getBytes(UTF_8)));
    return data;
  }

  private static ResourceKeys keys(long writer, long... readers) {
    return new ResourceKeys(
        OptionalLong.of(writer), new TreeSet<>(LongStream.of(readers).boxed().toList()));
  }

  private static byte[] material(long keyId) {
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) keyId);
    return material;
  }

  private static String hash(KeyData key) {
    return Handshake.of(key.kms(), key.data());
  }
}
