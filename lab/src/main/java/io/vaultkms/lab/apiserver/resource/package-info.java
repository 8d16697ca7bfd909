/** Kubernetes objects between JSON and stored bytes: types, rules of writing, lists, selectors. */
@NullMarked
package io.vaultkms.lab.apiserver.resource;

import org.jspecify.annotations.NullMarked;
