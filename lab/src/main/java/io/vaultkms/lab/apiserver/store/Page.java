package io.vaultkms.lab.apiserver.store;

import java.util.List;

/**
 * A part of a range at one revision.
 *
 * @param remaining how many keys of the range come after this page
 */
public record Page(List<Entry> entries, long revision, long remaining) {}
