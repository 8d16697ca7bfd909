package io.vaultkms.lab.apiserver.store;

import org.jspecify.annotations.Nullable;

/**
 * What one revision did to one key.
 *
 * @param before what was stored, or null if the key is new
 * @param after what is stored since, or null if the key is gone
 */
public record Change(long revision, String key, @Nullable Entry before, @Nullable Entry after) {}
