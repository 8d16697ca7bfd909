package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Transformer;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import io.vaultkms.lab.apiserver.resource.ObjectStorage.Stored;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one API server: reads and writes with the rules of Kubernetes. Everything is
 * refused by {@link ApiException}. Safe for any thread; calls may wait for a KMS plugin.
 */
public final class ObjectRegistry {
  /** A lost race is run again this often before the writer is told of a conflict. */
  private static final int ATTEMPTS = 100;

  private final ObjectStorage storage;
  private final Lifecycle lifecycle;

  /**
   * @param encryption the transformer in force for a resource
   */
  public ObjectRegistry(
      EtcdStore store, Function<String, Transformer> encryption, Admission admission) {
    this.storage = new ObjectStorage(store, encryption);
    this.lifecycle = new Lifecycle(admission);
  }

  /** An object as it is stored after a write. */
  public record Written(ObjectNode object, boolean created) {}

  /**
   * A write of one object.
   *
   * @param uid what its uid must be, or null
   * @param allowCreate whether the object is made if it does not exist
   * @param change makes the new object of the existing one (a copy, or null if it is to be made);
   *     run again when another writer came first
   */
  public record Update(
      @Nullable String uid,
      boolean allowCreate,
      Function<@Nullable ObjectNode, ObjectNode> change) {}

  ObjectStorage storage() {
    return storage;
  }

  public ObjectNode get(Ref ref) {
    return existing(ref).object();
  }

  private Stored existing(Ref ref) {
    Stored stored = storage.get(ref);
    if (stored == null) {
      throw ApiException.notFound(ref.type(), ref.objectName());
    }
    return stored;
  }

  public ObjectNode create(Ref ref, ObjectNode sent, WriteOptions options) {
    ObjectNode object = sent.deepCopy();
    Lifecycle.checkIdentity(ref, object);
    checkNamespace(ref);
    lifecycle.prepareCreate(ref.type(), object);
    Ref made = ref.named(Metadata.of(object).name());
    if (storage.store().get(made.key()) != null) {
      throw ApiException.exists(ref.type(), made.objectName());
    }
    if (!commit(made, object, 0, options)) {
      throw ApiException.exists(ref.type(), made.objectName());
    }
    return object;
  }

  private void checkNamespace(Ref ref) {
    String namespace = ref.namespace();
    if (!ref.type().namespaced() || namespace == null) {
      return;
    }
    ResourceType type = ResourceType.core("namespaces", "Namespace", false);
    Stored found = storage.get(new Ref(type, null, namespace, null));
    if (found == null) {
      throw ApiException.notFound(type, namespace);
    }
    if (Metadata.of(found.object()).deleting()) {
      throw new ApiException(
          403,
          "Forbidden",
          "unable to create new content in namespace %s because it is being terminated"
              .formatted(namespace));
    }
  }

  /** Encrypts and stores; false if somebody else wrote in between. */
  private boolean commit(Ref ref, ObjectNode object, long expected, WriteOptions options) {
    byte[] stored = storage.encode(ref, object);
    if (options.dryRun()) {
      return true;
    }
    options.beforeCommit().run();
    OptionalLong revision = storage.store().put(ref.key(), stored, expected);
    if (revision.isEmpty()) {
      return false;
    }
    ObjectStorage.stamp(object, revision.getAsLong());
    options.afterStore().run();
    return true;
  }

  public Written update(Ref ref, Update update, WriteOptions options) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Written written = tryUpdate(ref, update, options);
      if (written != null) {
        return written;
      }
    }
    throw ApiException.modified(ref.type(), ref.objectName());
  }

  /** One attempt; null if somebody else wrote in between. */
  private @Nullable Written tryUpdate(Ref ref, Update update, WriteOptions options) {
    Stored stored = storage.get(ref);
    if (stored == null) {
      return createInstead(ref, update, options);
    }
    Metadata old = Metadata.of(stored.object());
    if (update.uid() != null && !update.uid().equals(old.uid())) {
      throw uidConflict(ref, update.uid(), old);
    }
    ObjectNode sent = update.change().apply(stored.object().deepCopy());
    Lifecycle.checkIdentity(ref, sent);
    checkResourceVersion(ref, Metadata.of(sent), old);
    ObjectNode object = lifecycle.prepareUpdate(ref, stored.object(), sent);
    Metadata metadata = Metadata.of(object);
    metadata.take("resourceVersion", old);
    if (old.deleting() && !metadata.hasFinalizers() && !awaitsFinalize(ref, object)) {
      return remove(ref, stored, object, options);
    }
    // Only a write that changes something, or brings stale bytes up to date, reaches the store.
    if (!stored.stale() && object.equals(stored.object())) {
      return new Written(stored.object(), false);
    }
    return commit(ref, object, stored.revision(), options) ? new Written(object, false) : null;
  }

  private @Nullable Written createInstead(Ref ref, Update update, WriteOptions options) {
    if (!update.allowCreate()) {
      throw ApiException.notFound(ref.type(), ref.objectName());
    }
    ObjectNode sent = update.change().apply(null);
    String uid = Metadata.of(sent).uid();
    if (!uid.isEmpty()) {
      throw ApiException.conflict(
          ref.type(),
          ref.objectName(),
          "uid mismatch: the provided object specified uid "
              + uid
              + ", and no existing object was found");
    }
    try {
      return new Written(create(ref, sent, options), true);
    } catch (ApiException e) {
      if (e.reason().equals("AlreadyExists")) {
        return null;
      }
      throw e;
    }
  }

  private static void checkResourceVersion(Ref ref, Metadata sent, Metadata old) {
    String version = sent.resourceVersion();
    boolean conditional = ref.type().custom() || ref.type().kind().equals("Lease");
    if (version.isEmpty() && conditional) {
      throw ApiException.invalid(
          ref.type(),
          ref.objectName(),
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion", "0", "must be specified for an update")));
    }
    if (!version.isEmpty() && !version.equals(old.resourceVersion())) {
      throw ApiException.modified(ref.type(), ref.objectName());
    }
  }

  private static ApiException uidConflict(Ref ref, String wanted, Metadata found) {
    return ApiException.conflict(
        ref.type(),
        ref.objectName(),
        "Precondition failed: UID in precondition: %s, UID in object meta: %s"
            .formatted(wanted, found.uid()));
  }

  /** A refused delete is worded unlike a refused update, and names the kind. */
  private static ApiException deleteConflict(Ref ref, String wanted, Metadata found) {
    return new ApiException(
        409,
        "Conflict",
        ("Operation cannot be fulfilled on %s \"%s\": the UID in the precondition (%s) does not"
                + " match the UID in record (%s). The object might have been deleted and then"
                + " recreated")
            .formatted(ref.type().kind(), ref.objectName(), wanted, found.uid()));
  }

  /** A namespace goes by its spec's finalizers, which are a controller's business. */
  private static boolean awaitsFinalize(Ref ref, ObjectNode object) {
    return ref.type().kind().equals("Namespace")
        && !object.path("spec").path("finalizers").isEmpty();
  }

  private @Nullable Written remove(Ref ref, Stored stored, ObjectNode last, WriteOptions options) {
    if (!options.dryRun()) {
      options.beforeCommit().run();
      if (storage.store().delete(ref.key(), stored.revision()).isEmpty()) {
        return null;
      }
      options.afterStore().run();
    }
    return new Written(last, false);
  }

  /** What must hold for a delete; null for anything. */
  public record Preconditions(@Nullable String uid, @Nullable String resourceVersion) {
    public static final Preconditions NONE = new Preconditions(null, null);
  }

  /** What a delete did: the object's last state, and whether it is gone or only on its way. */
  public record Deletion(ObjectNode object, boolean gone) {}

  public Deletion delete(Ref ref, Preconditions preconditions, WriteOptions options) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Stored stored = existing(ref);
      check(ref, preconditions, Metadata.of(stored.object()));
      Deletion deletion = tryDelete(ref, stored, options);
      if (deletion != null) {
        return deletion;
      }
    }
    throw ApiException.modified(ref.type(), ref.objectName());
  }

  private static void check(Ref ref, Preconditions preconditions, Metadata metadata) {
    String uid = preconditions.uid();
    if (uid != null && !uid.equals(metadata.uid())) {
      throw deleteConflict(ref, uid, metadata);
    }
    String version = preconditions.resourceVersion();
    if (version != null && !version.equals(metadata.resourceVersion())) {
      throw ApiException.conflict(
          ref.type(),
          ref.objectName(),
          "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta:"
                  .formatted(version)
              + " "
              + metadata.resourceVersion());
    }
  }

  private @Nullable Deletion tryDelete(Ref ref, Stored stored, WriteOptions options) {
    ObjectNode object = stored.object();
    Metadata metadata = Metadata.of(object);
    if (!metadata.hasFinalizers() && !awaitsFinalize(ref, object)) {
      return remove(ref, stored, object, options) == null ? null : new Deletion(object, true);
    }
    if (metadata.deleting()) {
      return new Deletion(object, false);
    }
    metadata.node().put("deletionTimestamp", Metadata.now()).put("deletionGracePeriodSeconds", 0);
    if (metadata.node().has("generation")) {
      metadata.node().put("generation", metadata.node().get("generation").asLong() + 1);
    }
    if (awaitsFinalize(ref, object)) {
      object.withObject("/status").put("phase", "Terminating");
    }
    return commit(ref, object, stored.revision(), options) ? new Deletion(object, false) : null;
  }
}
