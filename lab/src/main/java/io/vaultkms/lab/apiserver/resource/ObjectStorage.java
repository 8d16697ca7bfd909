package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Decoded;
import io.vaultkms.lab.apiserver.envelope.TransformException;
import io.vaultkms.lab.apiserver.envelope.Transformer;
import io.vaultkms.lab.apiserver.store.Entry;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects in the store: encrypted, and without their resourceVersion, which is the revision. */
final class ObjectStorage {
  private final EtcdStore store;
  private final Function<String, Transformer> encryption;

  ObjectStorage(EtcdStore store, Function<String, Transformer> encryption) {
    this.store = store;
    this.encryption = encryption;
  }

  /** An object as it was read; it is the reader's own copy. */
  record Stored(ObjectNode object, long revision, boolean stale) {}

  EtcdStore store() {
    return store;
  }

  @Nullable Stored get(Ref ref) {
    Entry entry = store.get(ref.key());
    return entry == null ? null : decode(ref.type(), entry);
  }

  Stored decode(ResourceType type, Entry entry) {
    Decoded decoded;
    try {
      decoded = encryption.apply(type.qualified()).read(entry.value(), entry.key());
    } catch (TransformException e) {
      throw ApiException.internal(
          "unable to transform key \"" + entry.key() + "\": " + e.getMessage());
    }
    ObjectNode object = Json.readObject(decoded.plaintext());
    stamp(object, entry.modRevision());
    return new Stored(object, entry.modRevision(), decoded.stale());
  }

  static void stamp(ObjectNode object, long revision) {
    Metadata.of(object).node().put("resourceVersion", Long.toString(revision));
  }

  byte[] encode(Ref ref, ObjectNode object) {
    ObjectNode stored = object.deepCopy();
    Metadata.of(stored).node().remove("resourceVersion");
    try {
      return encryption.apply(ref.type().qualified()).write(Json.write(stored), ref.key());
    } catch (TransformException e) {
      throw ApiException.internal(e.getMessage());
    }
  }
}
