package io.vaultkms.deployer.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Writes and reads the API servers' {@code EncryptionConfiguration}. The order of providers is what
 * makes it safe: the first one writes, all of them read, and identity always stays readable.
 */
public final class EncryptionConfiguration {
  public static final String SOCKET_FOLDER = "/var/run/kmsplugin";
  private static final String PLUGIN_TIMEOUT = "10s";
  static final String EMPTY_KEY = Base64.getEncoder().encodeToString(new byte[16]);

  private EncryptionConfiguration() {}

  /**
   * The document for a bundle.
   *
   * @param material gives the 32 bytes of a key of a local mode
   * @throws IllegalStateException when two KMS providers would have one name
   */
  static JsonNode of(Bundle bundle, LongFunction<byte[]> material) {
    refuseSameNames(bundle);
    ObjectNode document = document();
    ArrayNode resources = document.withArray("resources");
    bundle
        .resources()
        .forEach(
            (name, keys) -> {
              ObjectNode entry = resources.addObject();
              entry.putArray("resources").add(name);
              providers(entry.putArray("providers"), name, keys, bundle, material);
            });
    return document;
  }

  /** The document that holds one key's KMS provider and nothing else, as key Secrets have it. */
  static JsonNode ofKms(long keyId) {
    ObjectNode document = document();
    ObjectNode entry = document.withArray("resources").addObject();
    kms(entry.putArray("providers"), Long.toString(keyId), keyId);
    return document;
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException when it is not JSON; the message has none of it, since the
   *     parser's own words quote what they stumble over, which may be key material
   */
  public static JsonNode read(byte[] document) {
    try {
      return Json.MAPPER.readTree(document);
    } catch (IOException e) {
      throw new IllegalArgumentException(Contract.ENCRYPTION_CONFIG + " is not JSON");
    }
  }

  /** Where the plugin of a key listens, on a node whose root is {@code /}. */
  public static String socket(long keyId) {
    return SOCKET_FOLDER + "/kms-" + keyId + ".sock";
  }

  private static ObjectNode document() {
    return Json.MAPPER
        .createObjectNode()
        .put("apiVersion", "apiserver.config.k8s.io/v1")
        .put("kind", "EncryptionConfiguration");
  }

  private static void providers(
      ArrayNode providers,
      String resource,
      ResourceKeys keys,
      Bundle bundle,
      LongFunction<byte[]> material) {
    List<Long> encrypting =
        keys.readKeys().stream().filter(id -> mode(bundle, id).encrypts()).toList();
    List<Long> plain = keys.readKeys().stream().filter(id -> !mode(bundle, id).encrypts()).toList();
    boolean identityWrites =
        keys.writeKey().isEmpty() || plain.contains(keys.writeKey().getAsLong());
    if (identityWrites) {
      providers.addObject().putObject("identity");
    } else {
      encrypting(providers, resource, keys.writeKey().getAsLong(), bundle, material);
    }
    encrypting.stream()
        .filter(id -> identityWrites || id != keys.writeKey().getAsLong())
        .forEach(id -> encrypting(providers, resource, id, bundle, material));
    if (!identityWrites) {
      providers.addObject().putObject("identity");
    }
    plain.forEach(id -> local(providers, "aesgcm", id, EMPTY_KEY));
  }

  private static void encrypting(
      ArrayNode providers,
      String resource,
      long keyId,
      Bundle bundle,
      LongFunction<byte[]> material) {
    switch (mode(bundle, keyId)) {
      case KMS -> kms(providers, kmsName(resource, keyId), keyId);
      case AESCBC -> local(providers, "aescbc", keyId, base64(material.apply(keyId)));
      case AESGCM -> local(providers, "aesgcm", keyId, base64(material.apply(keyId)));
      case IDENTITY -> throw new IllegalStateException("identity encrypts nothing");
    }
  }

  /**
   * API servers refuse two KMS providers of one name, and do not start with them. The settings
   * allow no such resources together, but a bundle also has those that were encrypted once.
   */
  private static void refuseSameNames(Bundle bundle) {
    Map<String, String> resourceOf = new HashMap<>();
    bundle
        .resources()
        .forEach(
            (resource, keys) ->
                keys.readKeys().stream()
                    .filter(id -> mode(bundle, id) == Mode.KMS)
                    .map(id -> kmsName(resource, id))
                    .forEach(name -> refuseSameName(name, resource, resourceOf)));
  }

  private static void refuseSameName(String name, String resource, Map<String, String> resourceOf) {
    String other = resourceOf.put(name, resource);
    if (other != null) {
      throw new IllegalStateException(
          "%s and %s must differ before the first dot: both would have the KMS provider %s, which"
                  .formatted(other, resource, name)
              + " API servers refuse");
    }
  }

  private static String kmsName(String resource, long keyId) {
    return keyId + "_" + withoutGroup(resource);
  }

  /** The name is in every value that is stored, and OpenShift's operators leave the group out. */
  private static String withoutGroup(String resource) {
    int dot = resource.indexOf('.');
    return dot < 0 ? resource : resource.substring(0, dot);
  }

  private static void kms(ArrayNode providers, String name, long keyId) {
    providers
        .addObject()
        .putObject("kms")
        .put("apiVersion", "v2")
        .put("name", name)
        .put("endpoint", "unix://" + socket(keyId))
        .put("timeout", PLUGIN_TIMEOUT);
  }

  private static void local(ArrayNode providers, String mode, long keyId, String secret) {
    providers
        .addObject()
        .putObject(mode)
        .putArray("keys")
        .addObject()
        .put("name", Long.toString(keyId))
        .put("secret", secret);
  }

  private static Mode mode(Bundle bundle, long keyId) {
    return bundle.keys().get(keyId).mode();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
