package io.vaultkms.model.event;

/**
 * What a preflight found on one node.
 *
 * @param node the node
 * @param remoteKeyId the key id that the plugin tells
 * @param statusMillis time of the status call, in milliseconds
 * @param encryptMillis time of the encrypt call, in milliseconds
 * @param decryptMillis time of the decrypt call, in milliseconds
 */
public record NodePreflight(
    String node,
    String remoteKeyId,
    double statusMillis,
    double encryptMillis,
    double decryptMillis) {
  public NodePreflight {
    node = Parts.text(node);
    remoteKeyId = Parts.text(remoteKeyId);
  }
}
