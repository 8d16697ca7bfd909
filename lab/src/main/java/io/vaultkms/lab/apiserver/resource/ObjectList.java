package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a collection.
 *
 * @param continueToken where the next page begins, or null if this is the last
 * @param remaining how many objects come after this page, or null if that is not known
 */
public record ObjectList(
    List<ObjectNode> items,
    long resourceVersion,
    @Nullable String continueToken,
    @Nullable Long remaining) {}
