/** How bundles and preflights reach the API servers: by agents, or by a Deployment's pods. */
@NullMarked
package io.vaultkms.deployer.rollout;

import org.jspecify.annotations.NullMarked;
