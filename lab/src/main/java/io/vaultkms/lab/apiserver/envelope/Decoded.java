package io.vaultkms.lab.apiserver.envelope;

/**
 * What a stored value says.
 *
 * @param stale whether it would be stored differently if it were written now
 */
public record Decoded(byte[] plaintext, boolean stale) {
  @Override
  public String toString() {
    return "Decoded[" + plaintext.length + " bytes, stale=" + stale + "]";
  }
}
