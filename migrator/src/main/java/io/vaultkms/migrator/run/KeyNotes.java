package io.vaultkms.migrator.run;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.vaultkms.migrator.api.Meta;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.api.MetadataApi.Annotated;
import io.vaultkms.migrator.api.Reply;
import io.vaultkms.migrator.api.ResourcePaths;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the annotations of a key Secret say of migrations to it: what has been proved, which the
 * others go by, and what a run that is taken up again needs to know. Each change is a merge patch
 * that fails if anything else has changed the Secret meanwhile. Blocks.
 */
public final class KeyNotes {
  /** The run's own notes. */
  static final String RUN = "vaultkms.io/migration-run";

  private static final ResourcePaths SECRETS = new ResourcePaths("/api/v1", "secrets");
  private static final int MOST_CONFLICTS = 10;

  private final MetadataApi api;
  private final String component;

  public KeyNotes(MetadataApi api, String component) {
    this.api = api;
    this.component = component;
  }

  /** What is noted on one key. */
  record Notes(Migrated migrated, RunNotes run) {}

  /** Computes new notes from those that are there. */
  @FunctionalInterface
  interface Change {
    /** Called again when somebody else was faster; must make sure that the change still holds. */
    Notes apply(Notes notes) throws IOException, InterruptedException, Stopped;
  }

  /** Empty when the Secret is not there. */
  Optional<Notes> read(long keyId) throws IOException, InterruptedException {
    return found(keyId, fetch(keyId)).map(this::notes);
  }

  /** Writes the changed notes; a patch whose answer was lost is found when it is made again. */
  void change(long keyId, Change change, Retrying retrying)
      throws IOException, InterruptedException, Stopped {
    for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      Annotated secret =
          found(keyId, retrying.ask(new Tally(), () -> fetch(keyId)))
              .orElseThrow(() -> new Stopped("the Secret of key " + keyId + " is gone"));
      Notes changed = change.apply(notes(secret));
      Map<String, String> annotations =
          new LinkedHashMap<>(KeyAnnotations.write(changed.migrated()));
      annotations.put(RUN, Json.write(changed.run()));
      switch (retrying.ask(new Tally(), () -> api.annotate(SECRETS, secret.meta(), annotations))) {
        case Reply.Good<Meta> _ -> {
          return;
        }
        case Reply.Bad<Meta> bad -> {
          if (!bad.failure().conflict()) {
            throw new IOException(
                "the Secret of key %d cannot be annotated: %s"
                    .formatted(keyId, bad.failure().message()));
          }
        }
      }
    }
    throw new IOException("the Secret of key " + keyId + " is changed by others all the time");
  }

  private Reply<Annotated> fetch(long keyId) throws IOException, InterruptedException {
    Meta name = new Meta(Contract.MANAGED_NAMESPACE, Contract.keySecret(component, keyId), "", "");
    return api.annotated(SECRETS, name);
  }

  private static Optional<Annotated> found(long keyId, Reply<Annotated> reply) throws IOException {
    return switch (reply) {
      case Reply.Good<Annotated>(Annotated secret) -> Optional.of(secret);
      case Reply.Bad<Annotated> bad -> {
        if (!bad.failure().notFound()) {
          throw new IOException(
              "the Secret of key %d cannot be read: %s".formatted(keyId, bad.failure().message()));
        }
        yield Optional.empty();
      }
    };
  }

  private Notes notes(Annotated secret) {
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName(secret.meta().name())
            .withAnnotations(secret.annotations())
            .build();
    Migrated migrated =
        KeyAnnotations.read(component, meta).map(EncryptionKey::migrated).orElse(Migrated.NOTHING);
    return new Notes(migrated, RunNotes.read(secret.annotations().get(RUN)));
  }
}
