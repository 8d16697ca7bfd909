package io.vaultkms.model.config;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What the pipeline needs to know of a KMS provider's configuration, whichever provider it is.
 * Nothing outside of this package knows any provider by its name. Written as JSON it is the union
 * that {@link KmsSpec} reads. Only {@link #violations} may be asked of one that breaks rules.
 */
public interface KmsProvider {
  /** Every rule that this configuration does not keep, with the path in the document. */
  List<Violation> violations();

  /** The plugin's image, by digest. */
  String image();

  /**
   * What names the key that encrypts, the provider included: two configurations with equal identity
   * use the same key remotely, so that a change between them needs neither a new key nor a
   * migration.
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

  /**
   * How to start the plugin.
   *
   * @param socket path of the socket that it is to serve
   * @param folder the folder that its files will be in
   * @param data what {@link #references} hold
   * @throws IllegalStateException when the data lacks what the plugin cannot do without
   */
  PluginLaunch launch(String socket, String folder, ReferencedData data);
}
