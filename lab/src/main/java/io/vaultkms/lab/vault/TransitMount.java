package io.vaultkms.lab.vault;

import io.vaultkms.lab.vault.VaultRequest.Verb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A Transit engine: named keys, and encryption with them. The core's lock guards it. */
final class TransitMount {
  private final NavigableMap<String, TransitKey> keys = new TreeMap<>();

  /** The key of that name, made if there is none. */
  TransitKey create(String name) {
    return keys.computeIfAbsent(name, TransitKey::new);
  }

  /** The key of that name, or a sentence to the lab's user. */
  TransitKey require(String name) {
    TransitKey key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("there is no Transit key " + name);
    }
    return key;
  }

  /**
   * Whether a write to this path makes something new. Only encrypt asks in real Vault: with the
   * create capability it makes a missing key silently, without it the answer is 403 rather than
   * that there is no such key.
   */
  boolean wouldCreate(String path) {
    return path.startsWith("encrypt/") && !keys.containsKey(path.substring("encrypt/".length()));
  }

  VaultAnswer answer(Verb verb, String path, VaultFields fields) {
    String[] parts = path.split("/", -1);
    boolean named = parts.length > 1 && !parts[1].isEmpty();
    return switch (parts[0] + " " + parts.length) {
      case "keys 1" -> list(verb);
      case "keys 2" -> named ? key(verb, parts[1]) : list(verb);
      case "keys 3" -> change(verb, parts[1], parts[2], fields);
      case "encrypt 2" -> encrypt(verb, parts[1], fields);
      case "decrypt 2" -> decrypt(verb, parts[1], fields);
      default -> throw VaultRefusal.unsupportedPath();
    };
  }

  private VaultAnswer list(Verb verb) {
    require(verb, Verb.LIST);
    if (keys.isEmpty()) {
      throw VaultRefusal.notFound();
    }
    return VaultAnswer.data(
        new JsonObject().put("keys", new JsonArray(keys.keySet().stream().toList())));
  }

  private VaultAnswer key(Verb verb, String name) {
    return switch (verb) {
      case READ -> VaultAnswer.data(existing(name, VaultRefusal.notFound()).describe());
      case WRITE -> VaultAnswer.data(create(name).describe());
      case DELETE -> delete(name);
      case LIST -> throw VaultRefusal.unsupportedOperation();
    };
  }

  private VaultAnswer delete(String name) {
    TransitKey key = existing(name, VaultRefusal.badRequest("could not delete key; not found"));
    if (!key.deletionAllowed()) {
      throw VaultRefusal.badRequest(
          "error deleting policy " + name + ": deletion is not allowed for this key");
    }
    keys.remove(name);
    return VaultAnswer.noContent();
  }

  private VaultAnswer change(Verb verb, String name, String what, VaultFields fields) {
    require(verb, Verb.WRITE);
    return switch (what) {
      case "rotate" -> {
        TransitKey key = existing(name, VaultRefusal.badRequest("key not found"));
        key.rotate();
        yield VaultAnswer.data(key.describe());
      }
      case "config" -> {
        String missing = "no existing key named " + name + " could be found";
        TransitKey key = existing(name, VaultRefusal.badRequest(missing));
        key.configure(fields);
        yield VaultAnswer.data(key.describe());
      }
      default -> throw VaultRefusal.unsupportedPath();
    };
  }

  private VaultAnswer encrypt(Verb verb, String name, VaultFields fields) {
    require(verb, Verb.WRITE);
    if (!fields.has("plaintext")) {
      throw VaultRefusal.badRequest("missing plaintext to encrypt");
    }
    byte[] plaintext = fields.base64("plaintext");
    TransitKey.Sealed sealed =
        create(name).encrypt(plaintext, fields.integer("key_version").orElse(0));
    return VaultAnswer.data(
        new JsonObject()
            .put("ciphertext", sealed.ciphertext())
            .put("key_version", sealed.version()));
  }

  private VaultAnswer decrypt(Verb verb, String name, VaultFields fields) {
    require(verb, Verb.WRITE);
    String ciphertext = fields.text("ciphertext");
    if (ciphertext.isEmpty()) {
      throw VaultRefusal.badRequest("missing ciphertext to decrypt");
    }
    TransitKey key = existing(name, VaultRefusal.badRequest("encryption key not found"));
    String plaintext = Base64.getEncoder().encodeToString(key.decrypt(ciphertext));
    return VaultAnswer.data(new JsonObject().put("plaintext", plaintext));
  }

  private TransitKey existing(String name, VaultRefusal otherwise) {
    TransitKey key = keys.get(name);
    if (key == null) {
      throw otherwise;
    }
    return key;
  }

  private static void require(Verb verb, Verb wanted) {
    if (verb != wanted) {
      throw VaultRefusal.unsupportedOperation();
    }
  }
}
