/** Reads the log and the cluster, keeps the status true and tells what only an onlooker sees. */
@NullMarked
package io.vaultkms.health;

import org.jspecify.annotations.NullMarked;
