/** A stand-in for etcd: keys, bytes, one revision counter, a bounded history. */
@NullMarked
package io.vaultkms.lab.apiserver.store;

import org.jspecify.annotations.NullMarked;
