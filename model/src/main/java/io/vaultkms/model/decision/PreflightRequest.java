package io.vaultkms.model.decision;

/**
 * A preflight that the nodes have been asked for.
 *
 * @param id tells this request from any other, earlier ones for the same configuration included
 * @param keyId the key that it is to open the way for
 * @param hash the handshake of what is tried
 */
public record PreflightRequest(String id, long keyId, String hash) {}
