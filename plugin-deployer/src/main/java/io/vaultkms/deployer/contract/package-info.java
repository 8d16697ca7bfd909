/** Key Secrets, bundles and preflight requests as they stand on the cluster, read and written. */
@NullMarked
package io.vaultkms.deployer.contract;

import org.jspecify.annotations.NullMarked;
