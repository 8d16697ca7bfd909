package io.vaultkms.model.config;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** What the pipeline needs to know of a KMS provider's configuration, whichever provider it is. */
public interface KmsProvider {
  /** The plugin's image, by digest. */
  String image();

  /**
   * What names the key that encrypts: two configurations with equal identity use the same key
   * remotely, so that a change between them needs neither a new key nor a migration.
   */
  List<String> keyIdentity();

  /** The names, among {@link #fields}, of those that {@link #keyIdentity} is made of. */
  Set<String> keyFields();

  /** The Secrets and ConfigMaps in {@code openshift-config} that the plugin needs. */
  List<Reference> references();

  /**
   * Every field that is set, by its path below {@code spec.encryption.kms}; nothing here is secret.
   */
  SortedMap<String, String> fields();
}
