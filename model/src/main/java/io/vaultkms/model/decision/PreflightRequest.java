package io.vaultkms.model.decision;

import java.time.Instant;
import java.util.Optional;

/**
 * A preflight that the nodes have been asked for.
 *
 * @param id tells this request from any other, earlier ones for the same configuration included
 * @param keyId the key that it is to open the way for
 * @param hash the handshake of what is tried
 * @param asked since when it stands; empty when nobody knows
 */
public record PreflightRequest(String id, long keyId, String hash, Optional<Instant> asked) {}
