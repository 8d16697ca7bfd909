package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * Names on the cluster. Those of OpenShift's operators are used wherever they have one, so that
 * {@code oc}, must-gather and the operators' own code can read what this project writes; what only
 * this project knows has its own prefix.
 */
public final class Contract {
  /** What the admin writes: the AppRole Secret, the CA bundle. */
  public static final String CONFIG_NAMESPACE = "openshift-config";

  /** Key Secrets and the newest bundle. */
  public static final String MANAGED_NAMESPACE = "openshift-config-managed";

  public static final String PREFIX = "encryption.apiserver.operator.openshift.io/";
  public static final String COMPONENT_LABEL = PREFIX + "component";
  public static final String FINALIZER = PREFIX + "deletion-protection";
  public static final String DESCRIPTION = "kubernetes.io/description";
  public static final String MODE = PREFIX + "mode";
  public static final String INTERNAL_REASON = PREFIX + "internal-reason";
  public static final String EXTERNAL_REASON = PREFIX + "external-reason";
  public static final String MIGRATED_TIMESTAMP = PREFIX + "migrated-timestamp";
  public static final String MIGRATED_RESOURCES = PREFIX + "migrated-resources";

  public static final String DATA_PREFIX = "encryption.apiserver.operator.openshift.io-";
  public static final String KEY_DATA = DATA_PREFIX + "key";
  public static final String KMS_ENCRYPTION_CONFIG = "kms-encryption-config";
  public static final String KMS_PLUGIN_CONFIG = "kms-plugin-config";
  public static final String KMS_PLUGIN = "kms-plugin-";
  public static final String ENCRYPTION_CONFIG = "encryption-config";

  /** The KMS part of the configuration a key was minted for; nothing in it is secret. */
  public static final String KMS_CONFIG = "vaultkms.io/kms-config";

  /** The handshake of configuration and contents. */
  public static final String HANDSHAKE = "vaultkms.io/handshake";

  /** The plugins' key id that data was last migrated to. */
  public static final String MIGRATED_REMOTE_KEY = "vaultkms.io/migrated-remote-key-id";

  /** The number of a bundle. */
  public static final String REVISION = "vaultkms.io/revision";

  /** Who writes and who reads in a bundle, as JSON without any key material. */
  public static final String BUNDLE = "vaultkms.io/bundle";

  /** Why a bundle went out. */
  public static final String PURPOSE = "vaultkms.io/purpose";

  /** The revision that was the newest when a bundle was decided on; 0 for the first. */
  public static final String AFTER_REVISION = "vaultkms.io/after-revision";

  /** When a bundle went out. */
  public static final String ROLLED_OUT_TIME = "vaultkms.io/rolled-out-time";

  /** The highest key number that was given away when a bundle went out. */
  public static final String HIGHEST_KEY = "vaultkms.io/highest-key-id";

  /** Why a Secret that others wrote cannot be taken over, in words; gone once it is. */
  public static final String REFUSED = "vaultkms.io/refused";

  /** When a key on its way was given up. */
  public static final String WITHDRAWN_TIME = "vaultkms.io/withdrawn-time";

  /** When a Secret that was gone was made anew. */
  public static final String RESTORED_TIME = "vaultkms.io/restored-time";

  /** The Secret that it was made from. */
  public static final String RESTORED_FROM = "vaultkms.io/restored-from";

  /** The key that a preflight is for. */
  public static final String KEY_ID = "vaultkms.io/key-id";

  /** On a preflight: what nodes refused before it and yielded their turn, by key. */
  public static final String REFUSED_BEFORE = "vaultkms.io/refused-before";

  /** The label on a Deployment's pods with the revision of the bundle they were made for. */
  public static final String POD_REVISION = "revision";

  /** The label on the pod that tries a configuration; its value is the component. */
  public static final String PREFLIGHT_LABEL = "vaultkms.io/preflight";

  /** The uid of the request that a pod tries. */
  public static final String REQUEST = "vaultkms.io/preflight-request";

  public static final String CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane";

  /** The object that holds the wanted configuration is always called that. */
  public static final String API_SERVER_NAME = "cluster";

  public static final ResourceDefinitionContext API_SERVERS =
      clusterScoped("config.openshift.io", "v1", "APIServer", "apiservers");
  public static final ResourceDefinitionContext ENCRYPTION_NODES =
      clusterScoped("vaultkms.io", "v1alpha1", "EncryptionNode", "encryptionnodes");
  public static final ResourceDefinitionContext ENCRYPTION_STATUSES =
      clusterScoped("vaultkms.io", "v1alpha1", "EncryptionStatus", "encryptionstatuses");

  private Contract() {}

  /** The Secret of one key. */
  public static String keySecret(String component, long keyId) {
    return "encryption-key-" + component + "-" + keyId;
  }

  /** The Secret with the newest bundle. */
  public static String bundleSecret(String component) {
    return ENCRYPTION_CONFIG + "-" + component;
  }

  /** The copy of one bundle in the component's own namespace. */
  public static String revisionSecret(long revision) {
    return ENCRYPTION_CONFIG + "-" + revision;
  }

  /** The Secret that asks the nodes for a preflight. */
  public static String preflightSecret(String component) {
    return "encryption-preflight-" + component;
  }

  /** The {@code EncryptionNode} of a pod that runs a component's API server. */
  public static String podReport(String component, String pod) {
    return component + "." + pod;
  }

  /** The {@code EncryptionNode} in which the pod of a preflight gives its verdict. */
  public static String preflightReport(String component) {
    return podReport(component, "preflight");
  }

  private static ResourceDefinitionContext clusterScoped(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(false)
        .build();
  }
}
