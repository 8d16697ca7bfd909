package io.vaultkms.model.decision;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A preflight that the nodes have been asked for.
 *
 * @param id tells this request from any other, earlier ones for the same configuration included
 * @param keyId the key that it is to open the way for
 * @param hash the handshake of what is tried
 * @param asked since when it stands; empty when nobody knows
 * @param refused what nodes refused before it, by key, where others yielded their turn to it: so
 *     that two that fail do not take it from each other for ever
 */
public record PreflightRequest(
    String id, long keyId, String hash, Optional<Instant> asked, SortedMap<Long, String> refused) {
  public PreflightRequest {
    SortedMap<Long, String> others = new TreeMap<>(refused);
    others.remove(keyId);
    refused = Collections.unmodifiableSortedMap(others);
  }

  /** The first that is asked for. */
  public PreflightRequest(String id, long keyId, String hash, Optional<Instant> asked) {
    this(id, keyId, hash, asked, new TreeMap<>());
  }
}
