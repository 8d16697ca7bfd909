package io.vaultkms.lab.apiserver.resource;

/**
 * Which part of a collection is to be listed.
 *
 * @param limit how many objects at most, 0 for all
 * @param continueToken where to go on, empty for the start
 * @param resourceVersion as the client sent it, empty for the most recent
 * @param match as the client sent it: empty, {@code Exact} or {@code NotOlderThan}
 */
public record ListQuery(
    Selection selection, int limit, String continueToken, String resourceVersion, String match) {}
